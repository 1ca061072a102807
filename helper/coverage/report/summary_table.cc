#include "coverage/report/summary_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

namespace gentle {
namespace {

double percent_of(const Share& share) {
  return share.total == 0
             ? 100.0
             : 100.0 * static_cast<double>(share.covered) / static_cast<double>(share.total);
}

std::string one_decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

struct Row {
  std::string file;
  std::string lines;
  std::string branches;
};

// "83.9% (52/62)".
std::string cell(const Share& share) {
  if (share.total == 0) return "-";
  return percent_text(share) + " (" + std::to_string(share.covered) + "/" +
         std::to_string(share.total) + ")";
}

// The width on a terminal, near enough: bytes that continue a UTF-8 letter take no room.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string space(width > width_of(text) ? width - width_of(text) : 0, ' ');
  return right ? space + text : text + space;
}

std::string percent_word(double value) {
  std::string text = one_decimal(value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text + "%";
}

}  // namespace

std::string percent_text(const Share& share) {
  if (share.total == 0) return "-";
  double percent = std::round(percent_of(share) * 10) / 10;
  if (share.covered < share.total) percent = std::min(percent, 99.9);
  if (share.covered > 0) percent = std::max(percent, 0.1);
  return one_decimal(percent) + "%";
}

std::string summary_table(const CoverageSummary& summary, std::size_t most_files) {
  std::vector<FileSummary> files = summary.files;
  const std::size_t left_out = files.size() > most_files ? files.size() - most_files : 0;
  if (left_out > 0) {
    const auto missing = [](const FileSummary& file) {
      return file.lines.total - file.lines.covered;
    };
    std::sort(files.begin(), files.end(), [&](const FileSummary& a, const FileSummary& b) {
      return missing(a) != missing(b) ? missing(a) > missing(b) : a.file < b.file;
    });
    files.resize(most_files);
  }
  std::sort(files.begin(), files.end(),
            [](const FileSummary& a, const FileSummary& b) { return a.file < b.file; });

  std::vector<Row> rows = {{"File", "Lines", "Branches"}};
  for (const FileSummary& file : files) {
    rows.push_back({file.file, cell(file.lines), cell(file.branches)});
  }
  if (left_out > 0) {
    rows.push_back({"(" + std::to_string(left_out) + " files that miss fewer lines)", "", ""});
  }
  rows.push_back({"Total of " + std::to_string(summary.files.size()) +
                      (summary.files.size() == 1 ? " file" : " files"),
                  cell(summary.lines), cell(summary.branches)});

  std::size_t file_width = 0;
  std::size_t lines_width = 0;
  std::size_t branches_width = 0;
  for (const Row& row : rows) {
    file_width = std::max(file_width, width_of(row.file));
    lines_width = std::max(lines_width, width_of(row.lines));
    branches_width = std::max(branches_width, width_of(row.branches));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line = padded(row.file, file_width, false) + "  " +
                       padded(row.lines, lines_width, true) + "  " +
                       padded(row.branches, branches_width, true);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::vector<std::string> unreached_limits(const CoverageSpec& spec,
                                          const CoverageSummary& summary) {
  struct Limit {
    const char* keyword;
    const char* what;
    std::optional<double> percent;
    Share share;
  };
  const Limit limits[] = {
      {"FAIL_UNDER_LINE", "lines", spec.fail_under_line, summary.lines},
      {"FAIL_UNDER_BRANCH", "branches", spec.fail_under_branch, summary.branches},
  };
  std::vector<std::string> causes;
  for (const Limit& limit : limits) {
    if (!limit.percent || percent_of(limit.share) >= *limit.percent) continue;
    causes.push_back("only " + percent_text(limit.share) + " of the " + limit.what +
                     " were executed (" + std::to_string(limit.share.covered) + " of " +
                     std::to_string(limit.share.total) + "), but " + limit.keyword + " asks for " +
                     percent_word(*limit.percent));
  }
  return causes;
}

}  // namespace gentle

#include "coverage/report/summary_table.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "base/printable.h"
#include "coverage/formats/text_column.h"
#include "model/report_format.h"

namespace gentle {
namespace {

constexpr std::size_t kMostFilesShown = 30;

struct Row {
  std::string file;
  std::string lines;
  std::string branches;
  std::string functions;
  std::string conditions = {};
};

// "83.9% (52/62)".
std::string cell(const Share& share) {
  if (share.total == 0) return "-";
  return percent_text(share) + " (" + std::to_string(share.covered) + "/" +
         std::to_string(share.total) + ")";
}

std::string in_columns(const std::vector<Row>& rows) {
  std::size_t file = 0;
  std::size_t lines = 0;
  std::size_t branches = 0;
  std::size_t functions = 0;
  std::size_t conditions = 0;
  for (const Row& row : rows) {
    file = std::max(file, text_width(row.file));
    lines = std::max(lines, text_width(row.lines));
    branches = std::max(branches, text_width(row.branches));
    functions = std::max(functions, text_width(row.functions));
    conditions = std::max(conditions, text_width(row.conditions));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line = aligned(row.file, file, Side::kLeft) + "  " +
                       aligned(row.lines, lines, Side::kRight) + "  " +
                       aligned(row.branches, branches, Side::kRight) + "  " +
                       aligned(row.functions, functions, Side::kRight) + "  " +
                       aligned(row.conditions, conditions, Side::kRight);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string percent_word(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string word = text;
  if (word.ends_with(".0")) word.resize(word.size() - 2);
  return word + "%";
}

}  // namespace

std::string summary_table(const CoverageSummary& summary, std::size_t most_files) {
  const std::vector<FileSummary> files = worst_files(summary, most_files);
  const std::size_t left_out = summary.files.size() - files.size();
  // A column for what hardly anybody measures is there only if somebody does.
  const bool has_conditions = summary.conditions.total > 0;
  const auto conditions = [&](const Share& share) { return has_conditions ? cell(share) : ""; };
  std::vector<Row> rows = {
      {"File", "Lines", "Branches", "Functions", has_conditions ? "Conditions" : ""}};
  for (const FileSummary& file : files) {
    rows.push_back({file.file, cell(file.lines), cell(file.branches), cell(file.functions),
                    conditions(file.conditions)});
  }
  if (left_out > 0) {
    rows.push_back({"(" + std::to_string(left_out) + " files that miss fewer lines)", "", "", ""});
  }
  rows.push_back({"Total of " + std::to_string(summary.files.size()) +
                      (summary.files.size() == 1 ? " file" : " files"),
                  cell(summary.lines), cell(summary.branches), cell(summary.functions),
                  conditions(summary.conditions)});

  return in_columns(rows);
}

std::string report_text(const CoverageSpec& spec, const CoverageSummary& summary) {
  const std::string title = spec.title.empty() ? FormatOptions{}.title : spec.title;
  std::string text = printable(title) + "\n" + summary_table(summary, kMostFilesShown);
  for (const std::string& name : spec.formats) {
    const ReportFormat* format = find_report_format(name);
    if (format == nullptr) continue;
    text += (name == "html" ? "HTML report" : name) + ": " + spec.output_dir + "/" +
            std::string(format->file) + "\n";
  }
  return text;
}

std::vector<std::string> empty_limits(const CoverageSpec& spec, const CoverageSummary& summary) {
  if (!spec.fail_under_branch || summary.branches.total > 0) return {};
  return {
      "gentle: warning: reach coverage: no branches were counted, so FAIL_UNDER_BRANCH checks "
      "nothing, continuing"};
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

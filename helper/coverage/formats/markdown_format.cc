#include "coverage/formats/markdown_format.h"

#include <algorithm>
#include <string_view>

#include "coverage/formats/text_column.h"

namespace gentle {
namespace {

constexpr std::size_t kMostFiles = 300;
// As gcovr's, in percent.
constexpr double kHigh = 90;
constexpr double kMedium = 75;

std::string_view badge(const Share& share) {
  if (share.total == 0) return "⚫";
  if (percent_of(share) >= kHigh) return "🟢";
  return percent_of(share) >= kMedium ? "🟡" : "🔴";
}

// "🟢 9/10 (90.0%)".
std::string share_cell(const Share& share) {
  return std::string(badge(share)) + " " + std::to_string(share.covered) + "/" +
         std::to_string(share.total) + " (" + percent_text(share) + ")";
}

// The name as it is: in a cell a bar would end it, and more backticks than the name has in a row
// stand around it.
std::string code_cell(const std::string& name) {
  std::string text;
  std::size_t row = 0;
  std::size_t longest = 0;
  for (const char c : in_one_line(name)) {
    row = c == '`' ? row + 1 : 0;
    longest = std::max(longest, row);
    if (c == '|') text += '\\';
    text += c;
  }
  const std::string around(longest + 1, '`');
  const std::string_view space = longest > 0 ? " " : "";
  return around + std::string(space) + text + std::string(space) + around;
}

// Nothing in it stands for a heading, a link or HTML.
std::string plain_words(const std::string& title) {
  constexpr std::string_view kMarks = "\\`*_[]<>#|&";
  std::string text;
  for (const char c : in_one_line(title)) {
    if (kMarks.find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text;
}

std::string conditions_row(const CoverageSummary& summary) {
  if (summary.conditions.total == 0) return "";
  return "| **Conditions** | " + share_cell(summary.conditions) + " |\n";
}

}  // namespace

std::string markdown_text(const CoverageSummary& summary, const FormatOptions& options) {
  std::string text = "# " + plain_words(options.title) +
                     "\n\n"
                     "| Metric        | Coverage |\n"
                     "|---------------|----------|\n"
                     "| **Lines**     | " +
                     share_cell(summary.lines) +
                     " |\n"
                     "| **Functions** | " +
                     share_cell(summary.functions) +
                     " |\n"
                     "| **Branches**  | " +
                     share_cell(summary.branches) + " |\n" + conditions_row(summary) +
                     "\n"
                     "## Files\n\n"
                     "| File | Lines | Functions | Branches |\n"
                     "|------|-------|-----------|----------|\n";
  const auto files = worst_files(summary, kMostFiles);
  for (const FileSummary& file : files) {
    text += "| " + code_cell(file.file) + " | " + share_cell(file.lines) + " | " +
            share_cell(file.functions) + " | " + share_cell(file.branches) + " |\n";
  }
  const std::size_t left_out = summary.files.size() - files.size();
  if (left_out > 0) {
    text +=
        "\nNot shown: " + std::to_string(left_out) +
        (left_out == 1 ? " file that misses fewer lines.\n" : " files that miss fewer lines.\n");
  }
  return text;
}

}  // namespace gentle

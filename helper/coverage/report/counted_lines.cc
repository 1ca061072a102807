#include "coverage/report/counted_lines.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "base/number.h"

namespace gentle {
namespace {

constexpr std::string_view kFirstLine = "gentle-lines 1";
constexpr std::string_view kLastLine = "end";
constexpr std::string_view kFile = "file ";
constexpr std::string_view kLines = "lines ";
constexpr std::uint32_t kMostLines = 10'000'000;

std::optional<std::uint32_t> parse_line_number(std::string_view text) {
  return parse_integer<std::uint32_t>(text, 1, kMostLines);
}

// "3 7-9": single lines and ranges. False if it is anything else.
bool read_ranges(std::string_view text, std::vector<std::uint32_t>& lines) {
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    const std::size_t dash = word.find('-');
    const auto first = parse_line_number(word.substr(0, dash));
    const auto last =
        dash == std::string_view::npos ? first : parse_line_number(word.substr(dash + 1));
    if (!first || !last || *last < *first) return false;
    if (!lines.empty() && *first <= lines.back()) return false;  // so there are never too many
    for (std::uint32_t line = *first; line <= *last; ++line) lines.push_back(line);
  }
  return true;
}

}  // namespace

CountedLines counted_lines(const CoverageTable& table) {
  CountedLines counted;
  for (const auto& [path, source] : table.sources()) {
    std::vector<std::uint32_t>& lines = counted[path];
    for (const auto& [number, line] : source.lines) {
      if (!line.is_excluded) lines.push_back(number);
    }
  }
  return counted;
}

std::string write_counted_lines(const CountedLines& lines) {
  std::string text = std::string(kFirstLine) + "\n";
  for (const auto& [path, numbers] : lines) {
    text += std::string(kFile) + path + "\n";
    for (std::size_t i = 0; i < numbers.size();) {
      std::size_t end = i + 1;
      while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) ++end;
      text += (i == 0 ? std::string(kLines) : " ") + std::to_string(numbers[i]);
      if (end > i + 1) text += "-" + std::to_string(numbers[end - 1]);
      i = end;
    }
    if (!numbers.empty()) text += "\n";
  }
  return text + std::string(kLastLine) + "\n";
}

CountedLines parse_counted_lines(std::string_view text, const std::string& path) {
  const auto wrong = [&path](const std::string& cause) {
    return Error("read counted lines", path, cause)
        .hint("run the test coverage.report again; it writes this file");
  };
  CountedLines lines;
  std::vector<std::uint32_t>* current = nullptr;
  bool begun = false;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    if (!begun && line != kFirstLine) throw wrong("its first line is not 'gentle-lines 1'");
    if (!std::exchange(begun, true)) continue;
    if (line == kLastLine && text.empty()) return lines;
    if (line.starts_with(kFile)) {
      current = &lines[std::string(line.substr(kFile.size()))];
    } else if (!line.starts_with(kLines) || current == nullptr ||
               !read_ranges(line.substr(kLines.size()), *current)) {
      throw wrong("'" + std::string(line.substr(0, 80)) + "' is neither a file nor its lines");
    }
  }
  throw wrong("it is truncated: its last line is not 'end'");
}

}  // namespace gentle

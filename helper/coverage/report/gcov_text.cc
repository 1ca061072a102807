#include "coverage/report/gcov_text.h"

#include <algorithm>
#include <optional>

#include "base/number.h"

namespace gentle {
namespace {

constexpr std::string_view kNotExecuted = "#####";
constexpr std::string_view kExceptionOnly = "=====";
constexpr std::string_view kNoCode = "-";
constexpr std::size_t kCountWidth = 9;
constexpr std::string_view kWidestCount = "99999999";
// ctest reads five digits of a line number: a longer one would be taken for another line.
constexpr std::uint32_t kLastLineOfCtest = 99999;

// Calls `use` with each line, without its newline.
template <typename Use>
void for_each_line(std::string_view text, const Use& use) {
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    use(text.substr(0, newline));
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  }
}

// The name in "File 'name'" or "Creating 'name'". GCC before 4.9 opened with a backquote.
std::string quoted_name(std::string_view line, std::string_view begin) {
  if (!line.starts_with(begin) || line.size() < begin.size() + 3 || line.back() != '\'') return "";
  line.remove_prefix(begin.size());
  if (line.front() != '\'' && line.front() != '`') return "";
  return std::string(line.substr(1, line.size() - 2));
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string_view{} : text.substr(begin);
}

struct SourceLine {
  std::string_view count;
  std::uint32_t number;
  std::string_view rest;  // from the colon before the number on
};

bool is_count(std::string_view text) {
  if (text == kNoCode || text == kNotExecuted || text == kExceptionOnly) return true;
  if (text.ends_with('*')) text.remove_suffix(1);
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "        3*:   12:int main()". Nothing for the lines between, such as names of functions.
std::optional<SourceLine> parse_source_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view count = trimmed(line.substr(0, colon));
  const std::string_view tail = line.substr(colon + 1);
  const auto number =
      parse_integer<std::uint32_t>(trimmed(tail.substr(0, tail.find(':'))), 0, UINT32_MAX);
  if (!is_count(count) || !number) return std::nullopt;
  return SourceLine{count, *number, line.substr(colon)};
}

std::string_view count_for_ctest(const SourceLine& line, const std::vector<std::uint32_t>* lines) {
  if (line.number == 0) return line.count;  // the heading of the file
  const bool counted =
      lines == nullptr || std::binary_search(lines->begin(), lines->end(), line.number);
  if (!counted || line.number > kLastLineOfCtest) return kNoCode;
  if (line.count == kNoCode) return kNoCode;
  if (line.count == kExceptionOnly || line.count.starts_with('-')) return kNotExecuted;
  const std::string_view digits =
      line.count.ends_with('*') ? line.count.substr(0, line.count.size() - 1) : line.count;
  return digits.size() > kWidestCount.size() ? kWidestCount : line.count;
}

}  // namespace

std::vector<GcovBlock> split_gcov_output(std::string_view output) {
  std::vector<GcovBlock> blocks;
  for_each_line(output, [&blocks](std::string_view line) {
    const std::string source = quoted_name(line, "File ");
    // An empty line ends a block; what follows may be about no file.
    const bool ended = !blocks.empty() && blocks.back().text.ends_with("\n\n");
    if (blocks.empty() || !source.empty() || ended) blocks.emplace_back();
    GcovBlock& block = blocks.back();
    if (!source.empty()) block.source = source;
    const std::string created = quoted_name(line, "Creating ");
    if (!created.empty()) block.created = created;
    block.text += std::string(line) + "\n";
  });
  return blocks;
}

std::string count_as_reported(std::string_view gcov, const std::vector<std::uint32_t>* lines) {
  std::string text;
  text.reserve(gcov.size());
  for_each_line(gcov, [&](std::string_view line) {
    const auto source = parse_source_line(line);
    if (source) {
      const std::string_view count = count_for_ctest(*source, lines);
      if (count.size() < kCountWidth) text.append(kCountWidth - count.size(), ' ');
      text.append(count).append(source->rest);
    } else {
      text.append(line);
    }
    text += '\n';
  });
  return text;
}

}  // namespace gentle

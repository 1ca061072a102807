#include "coverage/report/llvm_lines.h"

#include <cstdint>
#include <cstdio>

namespace gentle {
namespace {

constexpr std::string_view kLlvmLines = "gentle-llvm-lines 1\n";
constexpr std::string_view kSourceHeading = "        -:    0:Source:";

// The columns of gcov.
std::string listed(std::uint32_t number, std::int64_t count) {
  char line[64];
  if (count > 0) {
    std::snprintf(line, sizeof line, "%9lld:%5u:\n", static_cast<long long>(count), number);
  } else {
    std::snprintf(line, sizeof line, "    #####:%5u:\n", number);
  }
  return line;
}

}  // namespace

std::string write_llvm_lines(const CoverageTable& by_llvm, const CoverageTable& whole) {
  std::string text;
  for (const auto& [path, source] : by_llvm.sources()) {
    text += std::string(kSourceHeading) + path + "\n";
    const auto& lines = whole.sources().at(path).lines;
    for (const auto& [number, line] : source.lines) {
      if (!lines.at(number).is_excluded) text += listed(number, line.count);
    }
  }
  return text.empty() ? "" : std::string(kLlvmLines) + text;
}

std::optional<std::vector<LlvmListing>> read_llvm_lines(std::string_view text) {
  if (!text.starts_with(kLlvmLines)) return std::nullopt;
  text.remove_prefix(kLlvmLines.size());
  std::vector<LlvmListing> listings;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    if (line.starts_with(kSourceHeading)) {
      listings.push_back({std::string(line.substr(kSourceHeading.size())), ""});
    }
    if (!listings.empty()) listings.back().gcov += std::string(line) + "\n";
  }
  return listings;
}

}  // namespace gentle

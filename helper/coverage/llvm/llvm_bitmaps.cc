#include "coverage/llvm/llvm_bitmaps.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/number.h"

namespace gentle {
namespace {

constexpr std::size_t kFixed = 3;  // name, hash, number of counters

std::string_view take_line(std::string_view& text) {
  const std::size_t newline = text.find('\n');
  const std::string_view line = text.substr(0, newline);
  text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  return line;
}

// The lines of one function, without comments: a blank line ends them.
std::vector<std::string_view> take_function(std::string_view& text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty() && !lines.empty()) break;
    const bool is_option = lines.empty() && line.starts_with(':');  // ":ir", of the whole profile
    if (!line.empty() && line.front() != '#' && !is_option) lines.push_back(line);
  }
  return lines;
}

// "0x4d", one of each byte.
std::optional<char> byte_of(std::string_view line) {
  if (!line.starts_with("0x") || line.size() < 3 || line.size() > 4) return std::nullopt;
  unsigned value = 0;
  for (const char c : line.substr(2)) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(digit);
  }
  return static_cast<char>(value);
}

// "" of a function without decisions; nothing if the lines are none of a function.
std::optional<std::string> bitmap_of(const std::vector<std::string_view>& lines) {
  if (lines.size() < kFixed) return std::nullopt;
  const auto counters = parse_integer<std::uint64_t>(lines[2], 0, lines.size() - kFixed);
  if (!counters) return std::nullopt;
  const std::size_t at = kFixed + *counters;
  if (at == lines.size() || !lines[at].starts_with('$')) return "";
  const auto size = parse_integer<std::uint64_t>(lines[at].substr(1), 0, lines.size() - at - 1);
  if (!size) return std::nullopt;
  std::string bitmap;
  for (const std::string_view line : std::span(lines).subspan(at + 1, *size)) {
    const auto byte = byte_of(line);
    if (!byte) return std::nullopt;
    bitmap += *byte;
  }
  return bitmap;
}

}  // namespace

LlvmBitmaps read_llvm_bitmaps(std::string_view text, const std::string& name) {
  LlvmBitmaps bitmaps;
  while (!text.empty()) {
    const std::vector<std::string_view> lines = take_function(text);
    if (lines.empty()) break;
    auto bitmap = bitmap_of(lines);
    const auto hash =
        parse_integer<std::uint64_t>(lines.size() < kFixed ? "" : lines[1], 0, UINT64_MAX);
    if (!bitmap || !hash) {
      throw Error(
          "read bitmaps of", name,
          "llvm-profdata has written '" + std::string(lines.front()) + "' in an unknown way");
    }
    if (!bitmap->empty()) bitmaps[{std::string(lines.front()), *hash}] = *std::move(bitmap);
  }
  return bitmaps;
}

}  // namespace gentle

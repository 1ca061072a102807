#include "base/printable.h"

#include <algorithm>
#include <cstdint>

namespace gentle {
namespace {

struct Character {
  std::size_t bytes = 1;
  bool shown = false;
};

bool is_shown(char32_t code) {
  if (code < 0x20) return code == U'\t' || code == U'\n';
  return code < 0x7F || code > 0x9F;
}

std::size_t sequence_length(unsigned char first) {
  return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
}

// The first one: a byte that begins no sequence stands for itself (RFC 3629).
Character first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {1, is_shown(byte(0))};
  const std::size_t length = sequence_length(byte(0));
  if (byte(0) < 0xC2 || byte(0) > 0xF4 || text.size() < length) return {};
  char32_t code = byte(0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3FU);
  }
  const bool overlong = code < (length == 4 ? 0x10000U : length == 3 ? 0x800U : 0x80U);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {length, is_shown(code)};
}

// How much of it at the front stays as it is: most of most texts.
std::size_t shown_ascii(std::string_view text) {
  const auto stays = [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\n'; };
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), stays) - text.begin());
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  for (;;) {
    const std::size_t ascii = shown_ascii(text);
    result += text.substr(0, ascii);
    text.remove_prefix(ascii);
    if (text.empty()) return result;
    const Character first = first_of(text);
    result += first.shown ? text.substr(0, first.bytes) : "?";
    text.remove_prefix(first.bytes);
  }
}

std::size_t whole_characters(std::string_view text) {
  constexpr std::size_t kLongest = 4;
  for (std::size_t back = 1; back < kLongest && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xC0) == 0x80) continue;  // not the first byte of its character
    return sequence_length(byte) > back ? text.size() - back : text.size();
  }
  return text.size();
}

}  // namespace gentle

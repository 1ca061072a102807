#include "base/printable.h"

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

// The first one: a byte that begins no sequence stands for itself (RFC 3629).
Character first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {1, is_shown(byte(0))};
  const std::size_t length = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
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

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Character first = first_of(text);
    result += first.shown ? text.substr(0, first.bytes) : "?";
    text.remove_prefix(first.bytes);
  }
  return result;
}

}  // namespace gentle

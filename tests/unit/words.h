// The bytes of a file of 32-bit words.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

namespace gentle {

inline std::string words(std::initializer_list<std::uint32_t> values, bool big_endian = false) {
  std::string bytes;
  for (const std::uint32_t value : values) {
    for (int i = 0; i < 4; ++i) {
      bytes.push_back(static_cast<char>(value >> (big_endian ? 24 - 8 * i : 8 * i) & 0xff));
    }
  }
  return bytes;
}

}  // namespace gentle

// Bytes in memory and in the data of coverage runtimes, as numbers in the byte order of this
// machine, and as text.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gentle {

// Callers see to it that all of the number is there. Where it is not, that is a defect of ours,
// which must not become a wrong count: std::out_of_range.
template <typename Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number number{};
  if (bytes.copy(reinterpret_cast<char*>(&number), sizeof number, at) != sizeof number) {
    throw std::out_of_range("a number is cut off");
  }
  return number;
}

inline std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 0xf];
  }
  return text;
}

}  // namespace gentle

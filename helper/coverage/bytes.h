// Numbers in the data of coverage runtimes, in the byte order of this machine.
#pragma once

#include <cstddef>
#include <stdexcept>
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

}  // namespace gentle

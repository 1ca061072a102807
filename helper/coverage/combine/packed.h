// Numbers and texts as few bytes: a number takes one for each seven of its bits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gentle {

class Packer {
 public:
  void number(std::uint64_t value);
  void text(std::string_view value);
  template <typename Numbers>
  void numbers(const Numbers& values) {
    number(values.size());
    for (const std::uint64_t value : values) number(value);
  }

  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Throws Error, with a cause alone, for bytes that are not what is asked for.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  bool at_end() const { return bytes_.empty(); }
  std::uint64_t number();
  std::uint32_t number_up_to(std::uint32_t most);
  std::uint32_t number_of_32_bits() { return number_up_to(UINT32_MAX); }
  // Of things that take a byte each at least, so that the bytes limit the memory.
  std::size_t count();
  std::string_view text();

 private:
  std::string_view bytes_;
};

// What every reader of such bytes throws.
Error damaged(const std::string& what);

}  // namespace gentle

// Numbers and texts as few bytes: a number takes one for each seven of its bits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/parted_text.h"

namespace gentle {

// In a byte of a number: another one follows.
inline constexpr std::uint64_t kMoreOfNumber = 0x80;

class Packer {
 public:
  // So many bytes will come, more or less.
  explicit Packer(std::size_t expected = 0) : bytes_(expected, '\0') {}
  // More bytes than memory should hold: they go on part by part, the last of them by end().
  explicit Packer(TextSink sink) : bytes_(PartedText::kPart, '\0'), sink_(std::move(sink)) {}

  // Most numbers are of one byte, and there are millions of them.
  void number(std::uint64_t value) {
    if (value < kMoreOfNumber && size_ < bytes_.size()) {
      bytes_[size_++] = static_cast<char>(value);
    } else {
      add_number(value);
    }
  }
  void text(std::string_view value) {
    number(value.size());
    append(value);
  }
  void append(std::string_view bytes);
  template <typename Numbers>
  void numbers(const Numbers& values) {
    number(values.size());
    for (const std::uint64_t value : values) number(value);
  }

  std::string_view bytes() const { return std::string_view(bytes_).substr(0, size_); }
  // Without the room behind them: there are as many functions as a program has.
  std::string take() {
    bytes_.resize(size_);
    bytes_.shrink_to_fit();
    return std::move(bytes_);
  }
  void end() { pass_on(); }

 private:
  void pass_on();
  void add_number(std::uint64_t value);
  // Room for so many bytes more.
  char* room_for(std::size_t more);

  std::string bytes_;     // and room behind them
  std::size_t size_ = 0;  // of the bytes
  TextSink sink_;         // none: all are kept
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

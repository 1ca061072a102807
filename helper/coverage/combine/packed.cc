#include "coverage/combine/packed.h"

#include <algorithm>

namespace gentle {
namespace {

constexpr unsigned kBits = 7;
constexpr unsigned kAllBits = 64;

}  // namespace

void Packer::pass_on() {
  sink_(bytes());
  size_ = 0;
}

char* Packer::room_for(std::size_t more) {
  if (sink_ && bytes_.size() - size_ < more) pass_on();
  if (bytes_.size() - size_ < more) bytes_.resize(2 * size_ + more);
  return bytes_.data() + size_;
}

void Packer::add_number(std::uint64_t value) {
  char* const begin = room_for(kAllBits / kBits + 1);
  char* end = begin;
  for (; value >= kMoreOfNumber; value >>= kBits) *end++ = static_cast<char>(value | kMoreOfNumber);
  *end++ = static_cast<char>(value);
  size_ += static_cast<std::size_t>(end - begin);
}

void Packer::append(std::string_view bytes) {
  std::copy(bytes.begin(), bytes.end(), room_for(bytes.size()));
  size_ += bytes.size();
}

std::uint64_t Unpacker::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < kAllBits; shift += kBits) {
    if (bytes_.empty()) throw damaged("a number is cut off");
    const std::uint64_t byte = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    value |= (byte & (kMoreOfNumber - 1)) << shift;
    if (byte < kMoreOfNumber) return value;
  }
  throw damaged("a number is too large");
}

std::uint32_t Unpacker::number_up_to(std::uint32_t most) {
  const std::uint64_t value = number();
  if (value > most) throw damaged("a number is too large");
  return static_cast<std::uint32_t>(value);
}

std::size_t Unpacker::count() {
  const std::uint64_t value = number();
  if (value > bytes_.size()) throw damaged("a list is cut off");
  return value;
}

std::string_view Unpacker::text() {
  const std::size_t size = count();
  const std::string_view value = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return value;
}

Error damaged(const std::string& what) { return {"", "", "it is damaged: " + what}; }

}  // namespace gentle

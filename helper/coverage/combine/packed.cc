#include "coverage/combine/packed.h"

namespace gentle {
namespace {

constexpr std::uint64_t kMore = 0x80;
constexpr unsigned kBits = 7;
constexpr unsigned kAllBits = 64;

}  // namespace

void Packer::number(std::uint64_t value) {
  // Most numbers are of one byte, and there are millions of them.
  if (value < kMore) {
    bytes_ += static_cast<char>(value);
    return;
  }
  char bytes[kAllBits / kBits + 1];
  std::size_t size = 0;
  for (; value >= kMore; value >>= kBits) bytes[size++] = static_cast<char>(value | kMore);
  bytes[size++] = static_cast<char>(value);
  bytes_.append(bytes, size);
}

void Packer::text(std::string_view value) {
  number(value.size());
  bytes_ += value;
}

std::uint64_t Unpacker::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < kAllBits; shift += kBits) {
    if (bytes_.empty()) throw damaged("a number is cut off");
    const std::uint64_t byte = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    value |= (byte & (kMore - 1)) << shift;
    if (byte < kMore) return value;
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

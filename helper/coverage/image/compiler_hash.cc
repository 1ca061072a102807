#include "coverage/image/compiler_hash.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "coverage/image/bytes.h"

namespace gentle {
namespace {

constexpr std::size_t kMd5Block = 64;
constexpr std::size_t kMd5Steps = 64;

// RFC 1321, 3.4: the integer part of 2^32 times the sine of the step's number.
std::array<std::uint32_t, kMd5Steps> md5_table() {
  std::array<std::uint32_t, kMd5Steps> table{};
  for (std::size_t i = 0; i < kMd5Steps; ++i) {
    table[i] = static_cast<std::uint32_t>(std::fabs(std::sin(static_cast<double>(i + 1))) * 0x1p32);
  }
  return table;
}

using Md5State = std::array<std::uint32_t, 4>;

void add_md5_block(Md5State& state, std::string_view block) {
  static const std::array<std::uint32_t, kMd5Steps> table = md5_table();
  constexpr int kShifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  auto [a, b, c, d] = state;
  for (std::size_t i = 0; i < kMd5Steps; ++i) {
    std::uint32_t mixed = 0;
    std::size_t word = 0;
    switch (i / 16) {
      case 0:
        mixed = (b & c) | (~b & d);
        word = i;
        break;
      case 1:
        mixed = (b & d) | (c & ~d);
        word = 5 * i + 1;
        break;
      case 2:
        mixed = b ^ c ^ d;
        word = 3 * i + 5;
        break;
      default:
        mixed = c ^ (b | ~d);
        word = 7 * i;
    }
    const auto value = number_at<std::uint32_t>(block, word % 16 * sizeof(std::uint32_t));
    const std::uint32_t sum = a + mixed + table[i] + value;
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, kShifts[i / 16][i % 4]);
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
}

template <typename Number>
void append_number(std::string& bytes, Number number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace

std::string md5_of(std::string_view bytes) {
  Md5State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::string padded(bytes);
  padded += '\x80';
  while (padded.size() % kMd5Block != kMd5Block - sizeof(std::uint64_t)) padded += '\0';
  append_number(padded, std::uint64_t{8} * bytes.size());
  for (std::size_t at = 0; at < padded.size(); at += kMd5Block) {
    add_md5_block(state, std::string_view(padded).substr(at, kMd5Block));
  }
  std::string hash;
  for (const std::uint32_t word : state) append_number(hash, word);
  return hash;
}

// By halves: a product by 2^88 + 0x13b.
std::string fnv128_of(std::string_view bytes) {
  constexpr std::uint64_t kSmall = 0x13b;
  constexpr std::uint64_t kHalf = 0xffffffff;
  std::uint64_t high = 0x6c62272e07bb0142;
  std::uint64_t low = 0x62b821756295c58d;
  for (const char c : bytes) {
    low ^= static_cast<unsigned char>(c);
    const std::uint64_t first = (low & kHalf) * kSmall;
    const std::uint64_t second = (low >> 32U) * kSmall + (first >> 32U);
    high = high * kSmall + (second >> 32U) + (low << 24U);
    low = second << 32U | (first & kHalf);
  }
  std::string hash;  // from the highest byte on
  for (const std::uint64_t half : {high, low}) {
    for (int shift = 56; shift >= 0; shift -= 8) hash += static_cast<char>(half >> shift);
  }
  return hash;
}

}  // namespace gentle

#include "coverage/gcov/gcda_reader.h"

#include <bit>
#include <cstring>
#include <stdexcept>

#include "coverage/gcov/gcov_version.h"

namespace gentle {
namespace {

constexpr std::uint32_t kLastCounterTag = 0x01ff0000;

std::uint32_t word_at(std::string_view bytes, std::size_t at, bool big_endian) {
  if (bytes.size() < kGcdaWordSize || at > bytes.size() - kGcdaWordSize) {
    throw std::out_of_range("a word is cut off");
  }
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  const bool is_native = big_endian == (std::endian::native == std::endian::big);
  return is_native ? word : __builtin_bswap32(word);
}

bool is_counters(std::uint32_t tag) {
  return tag >= kGcdaCounterTag && tag <= kLastCounterTag &&
         (tag - kGcdaCounterTag) % (1U << kGcdaCounterTagShift) == 0;
}

}  // namespace

std::uint32_t GcdaRecord::word(std::size_t index) const {
  return word_at(bytes, index * kGcdaWordSize, big_endian);
}

// Two words, the low one first in either byte order.
std::uint64_t GcdaRecord::counter(std::size_t index) const {
  return word(2 * index) | std::uint64_t{word(2 * index + 1)} << 32;
}

GcdaReader::GcdaReader(std::string_view bytes) : bytes_(bytes) {
  std::uint32_t magic = take_word();
  if (is_truncated_) return;
  if (magic != kGcdaMagic) {
    header_.big_endian = true;
    magic = word_at(bytes_, 0, true);
  }
  is_gcda_ = magic == kGcdaMagic;
  is_over_ = !is_gcda_;
  if (is_over_) return;
  header_.version = take_word();
  header_.stamp = take_word();
  if (is_since_gcc_12(header_.version)) {
    length_unit_ = 1;
    header_.checksum = take_word();
  }
  shortens_zeros_ = shortens_zeros(header_.version);
}

// 0 where the bytes end.
std::uint32_t GcdaReader::take_word() {
  if (is_truncated_ || bytes_.size() - offset_ < kGcdaWordSize) {
    is_truncated_ = true;
    return 0;
  }
  const std::uint32_t word = word_at(bytes_, offset_, header_.big_endian);
  offset_ += kGcdaWordSize;
  return word;
}

std::optional<GcdaRecord> GcdaReader::next() {
  if (is_over_ || is_truncated_) return std::nullopt;
  const std::uint32_t tag = take_word();
  if (is_truncated_) return std::nullopt;
  is_over_ = tag == 0;
  if (is_over_) return std::nullopt;
  const std::uint32_t length = take_word();
  GcdaRecord record{tag, {}, 0, offset_, header_.big_endian};
  if ((length & 0x80000000U) != 0 && is_counters(tag) && shortens_zeros_) {
    record.zeros = std::uint64_t{0U - length} * length_unit_;
    return record;
  }
  const std::uint64_t size = length * length_unit_;
  if (is_truncated_ || size > bytes_.size() - offset_) {
    is_truncated_ = true;
    return std::nullopt;
  }
  record.bytes = bytes_.substr(offset_, static_cast<std::size_t>(size));
  offset_ += record.bytes.size();
  return record;
}

}  // namespace gentle

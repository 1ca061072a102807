#include "coverage/gcov/gcno.h"

namespace gentle {
namespace {

constexpr std::uint32_t kNotesMagic = 0x67636e6f;  // "gcno"
constexpr std::uint32_t kDataMagic = 0x67636461;   // "gcda"
constexpr std::uint32_t kCounterTags = 0x01a10000;
constexpr std::uint32_t kNoChecksum = 0;

// Takes words off the front of bytes that are trusted in nothing.
class Words {
 public:
  Words(std::string_view bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  std::optional<std::uint32_t> next() {
    if (bytes_.size() < 4) return std::nullopt;
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint32_t byte = static_cast<unsigned char>(bytes_[big_endian_ ? i : 3 - i]);
      word = word << 8 | byte;
    }
    bytes_.remove_prefix(4);
    return word;
  }

  bool skip(std::uint64_t count) {
    if (count > bytes_.size()) return false;
    bytes_.remove_prefix(count);
    return true;
  }

  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool big_endian_;
};

void append_word(std::string& bytes, std::uint32_t word, bool big_endian) {
  for (int i = 0; i < 4; ++i) {
    const int shift = big_endian ? 24 - 8 * i : 8 * i;
    bytes.push_back(static_cast<char>(word >> shift & 0xff));
  }
}

bool is_counters(std::uint32_t tag) {
  return (tag & 0xffff0000U) >= kCounterTags &&
         (tag & 0xff000000U) == (kCounterTags & 0xff000000U) &&
         (tag & 0x0001ffffU) == (kCounterTags & 0x0001ffffU);
}

// Walks the records up to the zero that ends them.
bool has_whole_records(Words words, bool lengths_in_bytes) {
  for (;;) {
    const auto tag = words.next();
    if (!tag) return false;
    if (*tag == 0) return true;
    const auto length = words.next();
    if (!length) return false;
    // A negative length stands for that many counters that are all zero, which are not written.
    if (is_counters(*tag) && (*length & 0x80000000U) != 0) continue;
    if (!words.skip(lengths_in_bytes ? *length : std::uint64_t{*length} * 4)) return false;
  }
}

}  // namespace

bool NotesHeader::since_gcc_12() const {
  const int first = static_cast<int>(version >> 24);
  const int second = static_cast<int>(version >> 16 & 0xff);
  return first >= 'A' && (first - 'A') * 10 + second - '0' >= 12;
}

std::optional<NotesHeader> read_notes_header(std::string_view bytes) {
  for (const bool big_endian : {false, true}) {
    Words words(bytes, big_endian);
    if (words.next() != kNotesMagic) continue;
    const auto version = words.next();
    const auto stamp = words.next();
    if (version && stamp) return NotesHeader{*version, *stamp, big_endian};
  }
  return std::nullopt;
}

DataFault check_data(std::string_view data, const NotesHeader& notes) {
  if (data.empty()) return DataFault::kTruncated;
  Words words(data, notes.big_endian);
  const auto magic = words.next();
  if (!magic) return DataFault::kTruncated;
  if (*magic != kDataMagic) return DataFault::kForeign;
  const auto version = words.next();
  const auto stamp = words.next();
  if (!version || !stamp) return DataFault::kTruncated;
  if (*version != notes.version || *stamp != notes.stamp) return DataFault::kForeign;
  if (notes.since_gcc_12() && !words.next()) return DataFault::kTruncated;
  return has_whole_records(words, notes.since_gcc_12()) ? DataFault::kNone : DataFault::kTruncated;
}

std::string placeholder_data(const NotesHeader& notes) {
  std::string bytes;
  if (!notes.since_gcc_12()) return bytes;
  append_word(bytes, kDataMagic, notes.big_endian);
  append_word(bytes, notes.version, notes.big_endian);
  append_word(bytes, notes.stamp, notes.big_endian);
  append_word(bytes, kNoChecksum, notes.big_endian);
  return bytes;
}

}  // namespace gentle

#include "coverage/gcov/gcno.h"

#include "coverage/gcov/gcda_reader.h"
#include "coverage/gcov/gcov_version.h"

namespace gentle {
namespace {

constexpr std::uint32_t kNotesMagic = 0x67636e6f;  // "gcno"
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

}  // namespace

bool NotesHeader::since_gcc_12() const { return is_since_gcc_12(version); }

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
  GcdaReader reader(data);
  if (!reader.is_gcda()) return reader.is_truncated() ? DataFault::kTruncated : DataFault::kForeign;
  const GcdaHeader& header = reader.header();
  if (header.big_endian != notes.big_endian) return DataFault::kForeign;
  if (reader.is_truncated()) return DataFault::kTruncated;
  if (header.version != notes.version || header.stamp != notes.stamp) return DataFault::kForeign;
  while (reader.next()) continue;
  return reader.is_truncated() ? DataFault::kTruncated : DataFault::kNone;
}

std::string placeholder_data(const NotesHeader& notes) {
  std::string bytes;
  if (!notes.since_gcc_12()) return bytes;
  append_word(bytes, kGcdaMagic, notes.big_endian);
  append_word(bytes, notes.version, notes.big_endian);
  append_word(bytes, notes.stamp, notes.big_endian);
  append_word(bytes, kNoChecksum, notes.big_endian);
  return bytes;
}

}  // namespace gentle

#include "coverage/gcov/gcno_reader.h"

#include <bit>
#include <utility>

#include "coverage/gcov/gcov_version.h"

namespace gentle {
namespace {

constexpr std::size_t kWord = 4;

}  // namespace

int NotesHeader::compiler() const {
  const auto letter = [this](int shift) { return static_cast<int>(version >> shift & 0xff); };
  if (letter(24) < 'A') return (letter(24) - '0') * 10 + letter(8) - '0';
  return (letter(24) - 'A') * 100 + (letter(16) - '0') * 10 + letter(8) - '0';
}

bool NotesHeader::since_gcc_12() const { return is_since_gcc_12(version); }

std::optional<NotesHeader> read_notes_header(std::string_view bytes) {
  for (const bool big_endian : {false, true}) {
    GcnoWords words(bytes, {0, 0, big_endian});
    if (words.next() != kGcnoMagic) continue;
    const auto version = words.next();
    const auto stamp = words.next();
    if (version && stamp) return NotesHeader{*version, *stamp, big_endian};
  }
  return std::nullopt;
}

GcnoWords::GcnoWords(std::string_view bytes, const NotesHeader& header)
    : at_(bytes.data()),
      end_(bytes.data() + bytes.size()),
      swaps_(header.big_endian != (std::endian::native == std::endian::big)),
      length_unit_(header.since_gcc_12() ? 1 : kWord) {}

GcnoReader::GcnoReader(std::string_view bytes, std::string name) : name_(std::move(name)) {
  const auto header = read_notes_header(bytes);
  if (!header) throw wrong(bytes.empty() ? "it is empty" : "it is no .gcno");
  header_ = *header;
  words_ = GcnoWords(bytes.substr(3 * kWord), header_);
  if (header_.since_gcc_12()) word(words_);  // the checksum
  const int version = header_.compiler();
  if (version >= 90) directory_ = text(words_);
  if (!directory_.starts_with('/')) directory_ = {};  // "." of Clang 22
  if (version >= 80) word(words_);  // whether it tells which blocks were not executed
}

void GcnoReader::fail_truncated() const { throw wrong(kGcnoTruncated); }

Error GcnoReader::wrong(const std::string& cause) const { return {"read notes", name_, cause}; }

}  // namespace gentle

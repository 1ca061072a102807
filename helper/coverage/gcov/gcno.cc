#include "coverage/gcov/gcno.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.h"
#include "coverage/gcov/gcda_reader.h"
#include "coverage/gcov/gcov_version.h"

namespace gentle {
namespace {

constexpr std::uint32_t kNotesMagic = 0x67636e6f;  // "gcno"
constexpr std::uint32_t kNoChecksum = 0;
constexpr std::uint32_t kFunctionTag = 0x01000000;
constexpr std::uint32_t kBlocksTag = 0x01410000;
constexpr std::uint32_t kLinesTag = 0x01450000;

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

  // The next `count` bytes, which are then behind.
  std::optional<Words> take(std::uint64_t count) {
    if (count > bytes_.size()) return std::nullopt;
    const Words taken(bytes_.substr(0, count), big_endian_);
    bytes_.remove_prefix(count);
    return taken;
  }

  // Its length first, in bytes with the zero that ends it, or in words, which zeros fill.
  std::optional<std::string_view> text(bool lengths_in_bytes) {
    const auto length = next();
    if (!length) return std::nullopt;
    const auto taken = take(lengths_in_bytes ? *length : std::uint64_t{*length} * 4);
    if (!taken) return std::nullopt;
    return taken->bytes_.substr(0, taken->bytes_.find('\0'));
  }

  bool at_end() const { return bytes_.empty(); }
  std::size_t left() const { return bytes_.size(); }
  std::string_view rest() const { return bytes_; }

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

constexpr const char* kCut = "it is truncated, as by a compiler that was killed or a full disk";

// The records of a .gcno, one after the other.
class NotesReader {
 public:
  NotesReader(std::string_view bytes, std::string name) : name_(std::move(name)) {
    const auto header = read_notes_header(bytes);
    if (!header) throw wrong(bytes.empty() ? "it is empty" : "it is no .gcno");
    notes_.header = *header;
    in_bytes_ = header->since_gcc_12();
    Words words(bytes, header->big_endian);
    words.skip(12);
    read_records(after_header(words));
  }

  Notes take() { return std::move(notes_); }

 private:
  Error wrong(const std::string& cause) const { return {"read notes", name_, cause}; }

  std::uint32_t word(Words& words) const {
    const auto value = words.next();
    if (!value) throw wrong(kCut);
    return *value;
  }

  std::string_view text(Words& words) const {
    const auto value = words.text(in_bytes_);
    if (!value) throw wrong(kCut);
    return *value;
  }

  Words after_header(Words words) {
    const int version = notes_.header.compiler();
    if (in_bytes_) word(words);  // the checksum
    if (version >= 90) notes_.directory = text(words);
    if (!notes_.directory.starts_with('/')) notes_.directory.clear();  // "." of Clang 22
    if (version >= 80) word(words);  // whether it tells which blocks were not executed
    return words;
  }

  void read_records(Words words) {
    while (!words.at_end()) {
      const std::uint32_t tag = word(words);
      const std::uint32_t length = word(words);
      if (tag == 0) break;  // as Clang's end
      auto record = words.take(in_bytes_ ? length : std::uint64_t{length} * 4);
      if (!record) throw wrong(kCut);
      if (tag == kFunctionTag) read_function(*record);
      if (tag == kBlocksTag) ++with_blocks_;
      if (tag == kLinesTag) read_lines(*record);
    }
    if (with_blocks_ < notes_.functions.size()) throw wrong(kCut);
  }

  // Of a lines' record that does not begin with one, the source is that of its function.
  void read_function(Words record) {
    const int version = notes_.header.compiler();
    notes_.functions.push_back(word(record));
    for (int i = 0; i < (version >= 47 ? 2 : 1); ++i) word(record);  // checksums
    text(record);
    // One that the compiler made, such as that which makes the globals of a file: gcov tells
    // nothing of its lines.
    is_artificial_ = version >= 80 && word(record) != 0;
    source_ = text(record);
  }

  // The block; then lines, and a zero and a name before those of another file, until an empty name.
  void read_lines(Words record) {
    word(record);
    std::string_view source = source_;
    for (;;) {
      if (const std::uint32_t line = word(record)) {
        add_line(source, line);
        continue;
      }
      source = text(record);
      if (source.empty() || is_artificial_) return;
    }
  }

  void add_line(std::string_view source, std::uint32_t line) {
    if (source.empty() || is_artificial_) return;
    const auto [entry, is_new] = places_.try_emplace(source, notes_.sources.size());
    if (is_new) notes_.sources.push_back({std::string(source), line});
    NotesSource& known = notes_.sources[entry->second];
    known.last_line = std::max(known.last_line, line);
  }

  std::string name_;
  Notes notes_;
  bool in_bytes_ = false;
  std::size_t with_blocks_ = 0;  // functions
  bool is_artificial_ = false;
  std::string_view source_;
  std::map<std::string_view, std::size_t> places_;  // in notes_.sources
};

// Writes a .gcno anew, record by record.
class NotesRenamer {
 public:
  NotesRenamer(std::string_view bytes, const NotesHeader& header, const Rename& rename)
      : bytes_(bytes), header_(header), rename_(rename) {}

  std::string renamed() {
    Words words = Words(bytes_, header_.big_endian);
    words.skip(12);
    if (header_.since_gcc_12()) words.next();
    if (header_.compiler() >= 90) text(words);
    if (header_.compiler() >= 80) words.next();
    append(bytes_.substr(0, bytes_.size() - words.left()));
    while (!words.at_end()) {
      const std::uint32_t tag = words.next().value_or(0);
      const std::uint32_t length = words.next().value_or(0);
      if (tag == 0) {
        append(kEnd);
        break;
      }
      const auto record = words.take(in_bytes() ? length : std::uint64_t{length} * 4);
      if (!record) break;
      add_record(tag, *record);
    }
    return std::move(result_);
  }

 private:
  bool in_bytes() const { return header_.since_gcc_12(); }
  void append(std::string_view bytes) { result_.append(bytes); }
  std::string_view text(Words& words) const { return words.text(in_bytes()).value_or(""); }

  void add_record(std::uint32_t tag, Words record) {
    std::string body;
    if (tag == kFunctionTag) {
      body = renamed_function(record);
    } else if (tag == kLinesTag) {
      body = renamed_lines(record);
    } else {
      body = record.rest();
    }
    append_word(result_, tag, header_.big_endian);
    append_word(result_, length_of(body.size()), header_.big_endian);
    append(body);
  }

  std::uint32_t length_of(std::size_t bytes) const {
    return static_cast<std::uint32_t>(in_bytes() ? bytes : bytes / 4);
  }

  std::string renamed_function(Words record) const {
    const std::string_view whole = record.rest();
    for (int i = 0; i < (header_.compiler() >= 47 ? 3 : 2); ++i) record.next();
    text(record);
    if (header_.compiler() >= 80) record.next();
    std::string body(whole.substr(0, whole.size() - record.left()));
    add_name(body, text(record));
    return body.append(record.rest());
  }

  std::string renamed_lines(Words record) const {
    std::string body;
    append_word(body, record.next().value_or(0), header_.big_endian);
    while (!record.at_end()) {
      const std::uint32_t line = record.next().value_or(0);
      append_word(body, line, header_.big_endian);
      if (line != 0) continue;
      const std::string_view name = text(record);
      if (name.empty()) {
        append_word(body, 0, header_.big_endian);
        return body.append(record.rest());
      }
      add_name(body, name);
    }
    return body;
  }

  void add_name(std::string& body, std::string_view name) const {
    std::string text = rename_(std::string(name)) + '\0';
    while (!in_bytes() && text.size() % 4 != 0) text += '\0';
    append_word(body, length_of(text.size()), header_.big_endian);
    body += text;
  }

  static constexpr std::string_view kEnd{"\0\0\0\0\0\0\0\0", 8};  // Clang's; GCC's has none

  std::string_view bytes_;
  const NotesHeader& header_;
  const Rename& rename_;
  std::string result_;
};

}  // namespace

std::string rename_sources(std::string_view bytes, const Rename& rename) {
  const auto header = read_notes_header(bytes);
  return header ? NotesRenamer(bytes, *header, rename).renamed() : std::string(bytes);
}

int NotesHeader::compiler() const {
  const auto letter = [this](int shift) { return static_cast<int>(version >> shift & 0xff); };
  if (letter(24) < 'A') return (letter(24) - '0') * 10 + letter(8) - '0';
  return (letter(24) - 'A') * 100 + (letter(16) - '0') * 10 + letter(8) - '0';
}

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

Notes parse_notes(std::string_view bytes, const std::string& name) {
  return NotesReader(bytes, name).take();
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

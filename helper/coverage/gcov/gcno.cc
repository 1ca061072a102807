#include "coverage/gcov/gcno.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "coverage/gcov/gcda_reader.h"

namespace gentle {
namespace {

void append_word(std::string& bytes, std::uint32_t word, bool big_endian) {
  for (int i = 0; i < 4; ++i) {
    const int shift = big_endian ? 24 - 8 * i : 8 * i;
    bytes.push_back(static_cast<char>(word >> shift & 0xff));
  }
}

// What a .gcno says of an object, record by record.
class NotesParser {
 public:
  NotesParser(std::string_view bytes, const std::string& name)
      : reader_(bytes, name), source_names_(reader_), version_(reader_.header().compiler()) {
    notes_.header = reader_.header();
    notes_.directory = reader_.directory();
    while (auto record = reader_.next()) {
      if (record->tag == kGcnoFunctionTag) read_function(record->body);
      if (record->tag == kGcnoBlocksTag) ++with_blocks_;
      if (record->tag == kGcnoLinesTag) read_lines(record->body);
    }
    if (with_blocks_ < notes_.functions.size()) throw reader_.wrong(kGcnoTruncated);
  }

  Notes take() { return std::move(notes_); }

 private:
  [[gnu::always_inline]] std::uint32_t word(GcnoWords& words) const { return reader_.word(words); }

  // Of a lines' record that does not begin with one, the source is that of its function.
  void read_function(GcnoWords record) {
    notes_.functions.push_back(word(record));
    for (int i = 0; i < (version_ >= 47 ? 2 : 1); ++i) word(record);  // checksums
    reader_.text(record);
    // One that the compiler made, such as that which makes the globals of a file: gcov tells
    // nothing of its lines.
    is_artificial_ = version_ >= 80 && word(record) != 0;
    source_ = source_names_.read(record);
  }

  // The block; then lines, and a zero and a name before those of another file, until an empty name.
  void read_lines(GcnoWords record) {
    word(record);
    std::string_view source = source_;
    for (;;) {
      std::uint32_t last_line = 0;
      while (const std::uint32_t line = word(record)) last_line = std::max(last_line, line);
      add_lines(source, last_line);
      source = source_names_.read(record);
      if (source.empty() || is_artificial_) return;
    }
  }

  // A source without lines does not count.
  void add_lines(std::string_view source, std::uint32_t last_line) {
    if (source.empty() || is_artificial_ || last_line == 0) return;
    NotesSource& known = source_at(source);
    known.last_line = std::max(known.last_line, last_line);
  }

  NotesSource& source_at(std::string_view name) {
    if (name.data() != last_name_.data()) {
      const auto [entry, is_new] = places_.try_emplace(name, notes_.sources.size());
      if (is_new) notes_.sources.push_back({std::string(name)});
      last_name_ = name;
      last_place_ = entry->second;
    }
    return notes_.sources[last_place_];
  }

  GcnoReader reader_;
  GcnoSourceNames source_names_;
  int version_;
  Notes notes_;
  std::size_t with_blocks_ = 0;  // functions
  bool is_artificial_ = false;
  std::string_view source_;
  std::unordered_map<std::string_view, std::size_t> places_;  // in notes_.sources
  std::string_view last_name_;
  std::size_t last_place_ = 0;
};

// Writes a .gcno anew, record by record.
class NotesRenamer {
 public:
  NotesRenamer(std::string_view bytes, const Rename& rename)
      : reader_(bytes, ""), header_(reader_.header()), rename_(rename) {
    append(bytes.substr(0, bytes.size() - reader_.rest().size()));
  }

  std::string renamed() {
    while (const auto record = reader_.next()) add_record(record->tag, record->body);
    if (reader_.has_end()) append(kEnd);
    return std::move(result_);
  }

 private:
  bool in_bytes() const { return header_.since_gcc_12(); }
  void append(std::string_view bytes) { result_.append(bytes); }
  std::string_view text(GcnoWords& words) const { return words.text().value_or(""); }

  void add_record(std::uint32_t tag, GcnoWords record) {
    std::string body;
    if (tag == kGcnoFunctionTag) {
      body = renamed_function(record);
    } else if (tag == kGcnoLinesTag) {
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

  std::string renamed_function(GcnoWords record) const {
    const std::string_view whole = record.rest();
    for (int i = 0; i < (header_.compiler() >= 47 ? 3 : 2); ++i) record.next();
    text(record);
    if (header_.compiler() >= 80) record.next();
    std::string body(whole.substr(0, whole.size() - record.rest().size()));
    add_name(body, text(record));
    return body.append(record.rest());
  }

  std::string renamed_lines(GcnoWords record) const {
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

  GcnoReader reader_;
  const NotesHeader& header_;
  const Rename& rename_;
  std::string result_;
};

}  // namespace

std::string rename_sources(std::string_view bytes, const Rename& rename) {
  if (!read_notes_header(bytes)) return std::string(bytes);
  return NotesRenamer(bytes, rename).renamed();
}

Notes parse_notes(std::string_view bytes, const std::string& name) {
  return NotesParser(bytes, name).take();
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

}  // namespace gentle

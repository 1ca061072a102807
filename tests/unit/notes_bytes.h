// The bytes of a .gcno and its .gcda, as gcc 12 writes them; of gcc 11, where lengths are in words.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "words.h"

namespace gentle {

inline constexpr std::uint32_t kNotesOfGcc11 = 0x4231332a;  // "B13*"
inline constexpr std::uint32_t kNotesOfGcc12 = 0x4232322a;  // "B22*"

class NotesBytes {
 public:
  explicit NotesBytes(std::uint32_t version = kNotesOfGcc12)
      : in_bytes_(version == kNotesOfGcc12), bytes_(words({0x67636e6f, version, 7})) {
    if (in_bytes_) bytes_ += words({0});
    bytes_ += text("/build") + words({1});
  }

  NotesBytes& function(std::uint32_t ident, const std::string& name, std::uint32_t first_line,
                       std::uint32_t last_line, bool is_artificial = false,
                       const std::string& source = "a.c") {
    return record(0x01000000, words({ident, 10, 20}) + text(name) +
                                  words({is_artificial ? 1U : 0U}) + text(source) +
                                  words({first_line, 1, last_line, 9}));
  }
  NotesBytes& blocks(std::uint32_t count) { return record(0x01410000, words({count})); }
  // The block that they leave; then destination and flags of each.
  NotesBytes& arcs(std::initializer_list<std::uint32_t> values) {
    return record(0x01430000, words(values));
  }
  NotesBytes& lines(std::uint32_t block, std::initializer_list<std::uint32_t> lines,
                    const std::string& source = "a.c") {
    return record(0x01450000, words({block, 0}) + text(source) + words(lines) + words({0, 0}));
  }
  NotesBytes& record(std::uint32_t tag, const std::string& body) {
    bytes_ += words({tag, length(body.size())}) + body;
    return *this;
  }

  std::string text(const std::string& text) const {
    std::string raw = text + '\0';
    while (!in_bytes_ && raw.size() % 4 != 0) raw += '\0';
    return words({length(raw.size())}) + raw;
  }

  const std::string& bytes() const { return bytes_; }

 private:
  std::uint32_t length(std::size_t bytes) const {
    return static_cast<std::uint32_t>(in_bytes_ ? bytes : bytes / 4);
  }

  bool in_bytes_;
  std::string bytes_;
};

class DataBytes {
 public:
  DataBytes() : bytes_(words({0x67636461, kNotesOfGcc12, 7, 0})) {}

  DataBytes& function(std::uint32_t ident, std::uint32_t checksum = 10) {
    return record(0x01000000, words({ident, checksum, 20}));
  }
  DataBytes& counters(std::initializer_list<std::uint32_t> values, std::uint32_t tag = 0x01a10000) {
    std::string body;
    for (const std::uint32_t value : values) body += words({value, 0});
    return record(tag, body);
  }
  DataBytes& record(std::uint32_t tag, const std::string& body) {
    bytes_ += words({tag, static_cast<std::uint32_t>(body.size())}) + body;
    return *this;
  }

  std::string bytes() const { return bytes_ + words({0}); }

 private:
  std::string bytes_;
};

}  // namespace gentle

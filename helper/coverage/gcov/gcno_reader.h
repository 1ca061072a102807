// The one walk over the bytes of a .gcno, record by record: of gcc, whose lengths are in words
// before gcc 12 and in bytes since; of clang, which writes those of gcc 4.8; in either byte order.
// The bytes may be anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gentle {

// Tags and their records: the comment at the head of gcov-io.h.
inline constexpr std::uint32_t kGcnoMagic = 0x67636e6f;  // "gcno", as a number
inline constexpr std::uint32_t kGcnoFunctionTag = 0x01000000;
inline constexpr std::uint32_t kGcnoBlocksTag = 0x01410000;
inline constexpr std::uint32_t kGcnoArcsTag = 0x01430000;
inline constexpr std::uint32_t kGcnoLinesTag = 0x01450000;
inline constexpr std::uint32_t kGcnoConditionsTag = 0x01470000;  // since gcc 14

inline constexpr const char* kGcnoTruncated =
    "it is truncated, as by a compiler that was killed or a full disk";

// How a .gcno begins. A .gcda belongs to it if version and stamp are the same.
struct NotesHeader {
  std::uint32_t version = 0;  // four letters: "B22*" is GCC 12.2, "408*" what Clang writes
  std::uint32_t stamp = 0;    // changes with every compilation
  bool big_endian = false;

  // GCC 12 and newer count lengths in bytes, not words, and write a checksum behind the stamp.
  bool since_gcc_12() const;
  int compiler() const;  // 122: GCC 12.2; 48: GCC 4.8, which Clang takes itself for
};

// Nothing if the bytes are no .gcno.
std::optional<NotesHeader> read_notes_header(std::string_view bytes);

// Takes words and texts off the front of a record. A .gcno is hardly anything but words.
class GcnoWords {
 public:
  GcnoWords() = default;
  GcnoWords(std::string_view bytes, const NotesHeader& header);

  [[gnu::always_inline]] std::optional<std::uint32_t> next() {
    std::uint32_t word = 0;
    if (size() < sizeof word) return std::nullopt;
    std::memcpy(&word, at_, sizeof word);
    at_ += sizeof word;
    return swaps_ ? swapped(word) : word;
  }
  // Its length first, in bytes with the zero that ends it, or in words, which zeros fill.
  [[gnu::always_inline]] std::optional<std::string_view> text() {
    const auto length = next();
    if (!length) return std::nullopt;
    const auto taken = take(*length);
    if (!taken) return std::nullopt;
    return taken->substr(0, taken->find('\0'));
  }
  // As many bytes as a length says; nothing if there are not so many.
  [[gnu::always_inline]] std::optional<std::string_view> take(std::uint32_t length) {
    const std::uint64_t wanted = std::uint64_t{length} * length_unit_;
    if (wanted > size()) return std::nullopt;
    const std::string_view taken(at_, static_cast<std::size_t>(wanted));
    at_ += taken.size();
    return taken;
  }
  // Whether a zero follows, which is the same in either byte order; then it is taken.
  [[gnu::always_inline]] bool take_zero() {
    std::uint32_t word = 1;
    if (size() >= sizeof word) std::memcpy(&word, at_, sizeof word);
    if (word == 0) at_ += sizeof word;
    return word == 0;
  }
  // Whether these bytes follow; then they are taken.
  [[gnu::always_inline]] bool take_known(std::string_view bytes) {
    if (size() < bytes.size() || std::memcmp(at_, bytes.data(), bytes.size()) != 0) return false;
    at_ += bytes.size();
    return true;
  }
  // These bytes, in the same form. The header is not asked again for each record: there are many.
  GcnoWords of(std::string_view bytes) const {
    GcnoWords words = *this;
    words.at_ = bytes.data();
    words.end_ = bytes.data() + bytes.size();
    return words;
  }

  std::string_view rest() const { return {at_, size()}; }
  bool at_end() const { return at_ == end_; }

 private:
  static std::uint32_t swapped(std::uint32_t word) {
    return word >> 24 | (word >> 8 & 0xff00U) | (word << 8 & 0xff0000U) | word << 24;
  }

  std::size_t size() const { return static_cast<std::size_t>(end_ - at_); }

  const char* at_ = nullptr;
  const char* end_ = nullptr;
  bool swaps_ = false;  // the byte order is not that of this machine
  unsigned length_unit_ = 1;
};

struct GcnoRecord {
  std::uint32_t tag = 0;
  GcnoWords body;
};

class GcnoReader {
 public:
  // `name` is the path of the file, for errors. Throws Error if the bytes are no .gcno.
  GcnoReader(std::string_view bytes, std::string name);

  const NotesHeader& header() const { return header_; }
  // Where the compiler ran; "": it does not say, as Clang.
  std::string_view directory() const { return directory_; }
  // All behind the header that is not read yet.
  std::string_view rest() const { return words_.rest(); }

  // Nothing behind the last record. Throws Error if the bytes end too early.
  std::optional<GcnoRecord> next() {
    if (words_.at_end() || has_end_) return std::nullopt;
    const std::uint32_t tag = word(words_);
    const std::uint32_t length = word(words_);
    has_end_ = tag == 0;
    if (has_end_) return std::nullopt;
    const auto body = words_.take(length);
    if (!body) fail_truncated();
    return GcnoRecord{tag, words_.of(*body)};
  }
  // Whether a zero has ended the records, as Clang writes it.
  bool has_end() const { return has_end_; }

  // The next word or text of a record; throw Error if it is not in it.
  [[gnu::always_inline]] std::uint32_t word(GcnoWords& words) const {
    const auto value = words.next();
    if (!value) fail_truncated();
    return *value;
  }
  std::string_view text(GcnoWords& words) const {
    const auto value = words.text();
    if (!value) fail_truncated();
    return *value;
  }
  Error wrong(const std::string& cause) const;

 private:
  // Apart, so that what reads words fits into its callers.
  [[noreturn]] void fail_truncated() const;

  std::string name_;
  NotesHeader header_;
  std::string_view directory_;
  GcnoWords words_;
  bool has_end_ = false;
};

// The names of the sources of a .gcno: nearly each one repeats the one before. Then its bytes are
// compared and not read, and the view is the very same.
class GcnoSourceNames {
 public:
  explicit GcnoSourceNames(const GcnoReader& reader) : reader_(reader) {}

  // "" is taken too: it ends the lines of a block.
  std::string_view read(GcnoWords& words) {
    if (words.take_zero()) return {};
    if (!last_.empty() && words.take_known(last_bytes_)) return last_;
    const std::string_view before = words.rest();
    const std::string_view name = reader_.text(words);
    if (name.empty()) return name;
    last_bytes_ = before.substr(0, before.size() - words.rest().size());
    return last_ = name;
  }

 private:
  const GcnoReader& reader_;
  std::string_view last_;
  std::string_view last_bytes_;  // with its length
};

}  // namespace gentle

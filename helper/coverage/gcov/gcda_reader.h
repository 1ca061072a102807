// The one walk over the bytes of a .gcda, record by record: of gcc, whose lengths are in words
// before gcc 12 and in bytes since; of clang, which writes those of gcc 4.8; in either byte order.
// The bytes may be anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gentle {

// Tags and their records: the comment at the head of gcov-io.h.
inline constexpr std::uint32_t kGcdaMagic = 0x67636461;  // "gcda", as a number
inline constexpr std::uint32_t kGcdaFunctionTag = 0x01000000;
inline constexpr std::uint32_t kGcdaCounterTag = 0x01a10000;  // of arcs, the first kind
inline constexpr unsigned kGcdaCounterTagShift = 17;          // from kind to kind
inline constexpr std::uint32_t kGcdaSummaryTag = 0xa1000000;
inline constexpr std::uint32_t kGcdaProgramSummaryTag = 0xa3000000;  // before gcc 9, and clang

inline constexpr std::uint32_t kGcdaWordSize = 4;

// What every reader says of a file that ends too early.
inline constexpr const char* kGcdaTruncated =
    "it is truncated, its process was killed while writing it, or could not write it all";

// No header is longer.
inline constexpr std::size_t kGcdaHeaderBytes = 16;

// What the bytes do not reach to is 0.
struct GcdaHeader {
  std::uint32_t version = 0;
  std::uint32_t stamp = 0;     // of the compilation; the .gcno has the same
  std::uint32_t checksum = 0;  // of the control flow, since gcc 12
  bool big_endian = false;

  bool operator==(const GcdaHeader&) const = default;
};

struct GcdaRecord {
  std::uint32_t tag = 0;
  std::string_view bytes;   // behind its tag and length
  std::uint64_t zeros = 0;  // so many bytes of counters are all zero, and not written
  std::size_t offset = 0;   // where `bytes` begin in the file
  bool big_endian = false;

  // Its numbers; one that is not in it is a defect of ours.
  std::uint32_t word(std::size_t index) const;
  std::uint64_t counter(std::size_t index) const;
};

class GcdaReader {
 public:
  explicit GcdaReader(std::string_view bytes);

  bool is_gcda() const { return is_gcda_; }
  const GcdaHeader& header() const { return header_; }

  // Nothing behind the last record, and where the bytes end too early.
  std::optional<GcdaRecord> next();
  // Whether they have, in the header or a record. Bytes behind the zero that ends the records do
  // not count: libgcov writes a file anew without cutting off what an older compilation has left.
  bool is_truncated() const { return is_truncated_; }

 private:
  std::uint32_t take_word();

  std::string_view bytes_;
  std::size_t offset_ = 0;
  GcdaHeader header_;
  // As the version has it: it is not asked again for each record.
  std::uint64_t length_unit_ = kGcdaWordSize;
  bool shortens_zeros_ = false;
  bool is_gcda_ = false;
  bool is_truncated_ = false;
  bool is_over_ = false;
};

}  // namespace gentle

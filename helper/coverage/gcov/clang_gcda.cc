#include "coverage/gcov/clang_gcda.h"

#include <cstdint>
#include <cstring>

#include "base/error.h"
#include "coverage/gcov/gcda_reader.h"
#include "coverage/image/bytes.h"

namespace gentle {
namespace {

constexpr std::uint32_t kVersion = 0x3430382a;  // "408*", of gcc 4.8
constexpr std::size_t kRuns = 8;                // where in a summary the number of processes stands

template <typename Number>
void add_at(std::string& bytes, std::string_view more, std::size_t at) {
  const Number sum = number_at<Number>(bytes, at) + number_at<Number>(more, at);
  std::memcpy(bytes.data() + at, &sum, sizeof sum);
}

bool adds_up(const GcdaRecord& record) {
  return record.tag == kGcdaCounterTag || record.tag == kGcdaProgramSummaryTag;
}

// The numbers of a record that add up; the rest has to be the same in both.
void add_record(std::string& sum, std::string_view more, const GcdaRecord& record) {
  const std::size_t size = record.bytes.size();
  if (record.tag == kGcdaCounterTag) {
    for (std::size_t i = 0; i + 8 <= size; i += 8) {
      add_at<std::uint64_t>(sum, more, record.offset + i);
    }
  } else if (record.tag == kGcdaProgramSummaryTag && size >= kRuns + 4) {
    add_at<std::uint32_t>(sum, more, record.offset + kRuns);
  }
}

bool same_shape(const GcdaRecord& a, const GcdaRecord& b) {
  return a.tag == b.tag && a.offset == b.offset && a.bytes.size() == b.bytes.size() &&
         a.zeros == b.zeros && (adds_up(a) || a.bytes == b.bytes);
}

}  // namespace

bool is_clang_gcda(std::string_view bytes) {
  const GcdaReader reader(bytes);
  return reader.header().version == kVersion && !reader.header().big_endian;
}

std::string merge_clang_gcda(std::string_view into, std::string_view from,
                             const std::string& name) {
  const auto fail = [&](const char* cause) { throw Error("add up", name, cause); };
  constexpr const char* kOther = "it is of another compilation of the object file";
  GcdaReader ours(into);
  GcdaReader theirs(from);
  if (into.size() != from.size() || ours.header() != theirs.header()) fail(kOther);
  std::string sum(into);
  while (const auto record = theirs.next()) {
    const auto our_record = ours.next();
    if (!our_record || !same_shape(*our_record, *record)) fail(kOther);
    add_record(sum, from, *record);
  }
  if (theirs.is_truncated()) fail(kGcdaTruncated);
  if (ours.next() || ours.is_truncated()) fail(kOther);
  return sum;
}

}  // namespace gentle

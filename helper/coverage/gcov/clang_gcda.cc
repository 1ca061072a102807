#include "coverage/gcov/clang_gcda.h"

#include <cstdint>
#include <cstring>

#include "base/error.h"
#include "coverage/image/bytes.h"

namespace gentle {
namespace {

constexpr std::string_view kStart = "adcg*804";  // the magic number and the version, little endian
constexpr std::size_t kHeader = 12;              // with the stamp
constexpr std::uint32_t kArcs = 0x01a10000;
constexpr std::uint32_t kProgramSummary = 0xa3000000;
constexpr std::size_t kRuns = 8;  // where in a summary the number of processes stands

template <typename Number>
void add_at(std::string& bytes, std::string_view more, std::size_t at) {
  const Number sum = number_at<Number>(bytes, at) + number_at<Number>(more, at);
  std::memcpy(bytes.data() + at, &sum, sizeof sum);
}

// The numbers of a record that add up; the rest has to be the same in both.
void add_record(std::string& sum, std::string_view more, std::uint32_t tag, std::size_t at,
                std::size_t size) {
  if (tag == kArcs) {
    for (std::size_t i = 0; i + 8 <= size; i += 8) add_at<std::uint64_t>(sum, more, at + i);
  } else if (tag == kProgramSummary && size >= kRuns + 4) {
    add_at<std::uint32_t>(sum, more, at + kRuns);
  }
}

}  // namespace

bool is_clang_gcda(std::string_view bytes) { return bytes.starts_with(kStart); }

std::string merge_clang_gcda(std::string_view into, std::string_view from,
                             const std::string& name) {
  const auto differs = [&] {
    return Error("add up", name, "it is of another compilation of the object file");
  };
  if (into.size() != from.size() || into.substr(0, kHeader) != from.substr(0, kHeader)) {
    throw differs();
  }
  std::string sum(into);
  for (std::size_t at = kHeader; at + 8 <= from.size();) {
    const auto tag = number_at<std::uint32_t>(from, at);
    const std::size_t size = std::size_t{number_at<std::uint32_t>(from, at + 4)} * 4;
    if (into.substr(at, 8) != from.substr(at, 8)) throw differs();
    if (tag == 0) break;
    at += 8;
    if (size > from.size() - at) throw differs();
    const bool adds = tag == kArcs || tag == kProgramSummary;
    if (!adds && into.substr(at, size) != from.substr(at, size)) throw differs();
    add_record(sum, from, tag, at, size);
    at += size;
  }
  return sum;
}

}  // namespace gentle

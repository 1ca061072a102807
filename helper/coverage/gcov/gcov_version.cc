#include "coverage/gcov/gcov_version.h"

#include <algorithm>
#include <iterator>

namespace gentle {
namespace {

// gcc_major, length_unit, has_checksum, merge_functions
constexpr GcovFormat kFormats[] = {
    {11, 4, false, 8},
    {12, 1, true, 8},
    {14, 1, true, 9},
    {15, 1, true, 10},
};
constexpr unsigned kNewestMajor = 16;

// gcov-counter.def: arcs, interval, pow2, topn, indirect_call, average, ior, time_profiler,
// conditions, paths.
constexpr unsigned kIndexes[kCounterKinds] = {0, 8, 9};

char letter(std::uint32_t version, int index) {
  return static_cast<char>(version >> (24 - 8 * index) & 0xff);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The word is four letters (gcov-iov.c): tens of the major version from 'A' on, its ones, the minor
// version, and '*' for a release. 0: it is no such word. Before gcc 5 the first letter was a digit.
unsigned gcc_major(std::uint32_t version) {
  const char tens = letter(version, 0);
  if (tens < 'A' || tens > 'Z') return 0;
  if (!is_digit(letter(version, 1)) || !is_digit(letter(version, 2))) return 0;
  return static_cast<unsigned>(tens - 'A') * 10 + static_cast<unsigned>(letter(version, 1) - '0');
}

}  // namespace

const GcovFormat* find_gcov_format(std::uint32_t version) {
  const unsigned major = gcc_major(version);
  if (major > kNewestMajor) return nullptr;
  const GcovFormat* found = nullptr;
  for (const GcovFormat& format : kFormats) {
    if (format.gcc_major <= major) found = &format;
  }
  return found;
}

bool is_since_gcc_12(std::uint32_t version) { return gcc_major(version) >= 12; }

bool shortens_zeros(std::uint32_t version) { return gcc_major(version) > 0; }

unsigned gcc_major_of(std::uint32_t version) { return gcc_major(version); }

std::string describe_gcov_version(std::uint32_t version) {
  if (const unsigned major = gcc_major(version); major > 0) {
    std::string text = "GCC ";  // not by +, of which gcc 12 warns for nothing
    text += std::to_string(major);
    text += '.';
    text += letter(version, 2);
    return text;
  }
  if (is_digit(letter(version, 0)) && is_digit(letter(version, 2))) {
    // Clang writes the word of GCC 4.8, "408*".
    std::string text = "GCC ";
    text += letter(version, 0);
    text += '.';
    text += letter(version, 2);
    return text + ", or Clang";
  }
  std::string hexadecimal = "version 0x";
  for (int shift = 28; shift >= 0; shift -= 4) {
    hexadecimal += "0123456789abcdef"[version >> shift & 0xf];
  }
  return hexadecimal;
}

std::string supported_gcov_versions() {
  return "GCC " + std::to_string(kFormats[0].gcc_major) + " to " + std::to_string(kNewestMajor);
}

unsigned index_of(CounterKind kind) { return kIndexes[static_cast<std::size_t>(kind)]; }

const CounterKind* counter_kind_at(unsigned index) {
  const auto* found = std::find(std::begin(kIndexes), std::end(kIndexes), index);
  if (found == std::end(kIndexes)) return nullptr;
  return &kAllCounterKinds[static_cast<std::size_t>(found - std::begin(kIndexes))];
}

}  // namespace gentle

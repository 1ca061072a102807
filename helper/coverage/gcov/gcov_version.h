// What differs between the versions of gcc, in a .gcda and in the memory of a program: one table.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gentle {

// The counters that --coverage makes, in the order in which they follow each other. Those of
// -fprofile-generate (intervals, most common values, averages ...) are not for coverage.
enum class CounterKind { kArcs, kConditions, kPaths };

inline constexpr std::size_t kCounterKinds = 3;
inline constexpr std::array<CounterKind, kCounterKinds> kAllCounterKinds = {
    CounterKind::kArcs, CounterKind::kConditions, CounterKind::kPaths};

struct GcovFormat {
  unsigned gcc_major;  // the first version that is so

  // In a .gcda. Since gcc 12 (gcov-io.h), the length of a record is in bytes, before in words of
  // four bytes, and a checksum stands behind the stamp.
  unsigned length_unit;
  bool has_checksum;

  // Length of the array `merge` of struct gcov_info (libgcov.h), and so the number of kinds
  // (gcov-counter.def): gcc 14 added conditions, gcc 15 paths, each at the end.
  unsigned merge_functions;
};

// Nothing if the version word is of no gcc that is known here. Clang's --coverage writes the word
// of an old gcc.
const GcovFormat* find_gcov_format(std::uint32_t version);

// Whether lengths are in bytes and there is a checksum, as find_gcov_format knows it of the
// versions that it knows; also of others, and not of clang.
bool is_since_gcc_12(std::uint32_t version);

// Whether counters that are all zero are written as their negative length: never by clang.
bool shortens_zeros(std::uint32_t version);

// 12 of GCC 12; 0 if the version word is of no GCC since 5, as Clang's.
unsigned gcc_major_of(std::uint32_t version);

// "GCC 12.2"; for a word that is no version, its bytes in hexadecimal.
std::string describe_gcov_version(std::uint32_t version);

// "GCC 11 to 15": what find_gcov_format knows.
std::string supported_gcov_versions();

// The index of a kind in gcov-counter.def, and back; nullptr if it is not one of coverage.
unsigned index_of(CounterKind kind);
const CounterKind* counter_kind_at(unsigned index);

}  // namespace gentle

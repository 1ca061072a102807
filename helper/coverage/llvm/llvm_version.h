// What differs between the versions of the raw profile (.profraw) of clang's source-based coverage,
// in the file and in the memory of a program: one table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gentle {

struct LlvmFormat {
  unsigned version;      // INSTR_PROF_RAW_VERSION
  unsigned clang_major;  // the first version of clang that writes it

  bool has_bitmap;   // of MC/DC (-fcoverage-mcdc)
  bool has_vtables;  // of -fprofile-generate only

  // The record of a function in __llvm_prf_data.
  std::size_t record_size;
  std::size_t counter_count;  // offset of NumCounters
  std::size_t value_sites;    // offset of NumValueSites, 2 bytes for each kind
  std::size_t value_kinds;
  std::size_t bitmap_size;  // offset of NumBitmapBytes, if it has any
};

// The lower bits of the version word are the version, the upper ones say how it was compiled.
inline constexpr std::uint64_t kLlvmVariants = 0xff00000000000000;
inline constexpr std::uint64_t kLlvmCorrelated = std::uint64_t{1} << 59;  // no data in memory
inline constexpr std::uint64_t kLlvmByteCounters = std::uint64_t{1} << 60;

// Whether a profile that llvm-profdata has merged, by its first bytes, is of such counters.
bool has_byte_counters(std::string_view merged);

// Nothing if the version word, with or without its variants, is of no clang that is known here.
const LlvmFormat* find_llvm_format(std::uint64_t version);

// Nothing if this clang is not known.
const LlvmFormat* find_llvm_format_of_clang(unsigned major);

// "raw profile version 12".
std::string describe_llvm_version(std::uint64_t version);

// The releases of LLVM whose llvm-profdata reads profiles of this version; `last` is 0 if all later
// ones may, and both are if none is known.
struct LlvmReleases {
  unsigned first = 0;
  unsigned last = 0;

  bool operator==(const LlvmReleases&) const = default;
};
LlvmReleases llvm_releases_that_read(std::uint64_t version);

// "8 to 10 (clang 14 to 22)": what find_llvm_format knows.
std::string supported_llvm_versions();

}  // namespace gentle

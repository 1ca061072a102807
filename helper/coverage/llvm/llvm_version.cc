#include "coverage/llvm/llvm_version.h"

#include <cstring>
#include <iterator>

namespace gentle {
namespace {

// InstrProfData.inc: INSTR_PROF_RAW_HEADER and INSTR_PROF_DATA.
// version, clang_major, has_bitmap, has_vtables, record_size, counter_count, value_sites,
// value_kinds, bitmap_size
constexpr LlvmFormat kFormats[] = {
    {8, 14, false, false, 48, 40, 44, 2, 0},
    {9, 18, true, false, 64, 48, 52, 2, 56},
    {10, 19, true, true, 64, 48, 52, 3, 60},
};
constexpr unsigned kNewestClang = 22;

// IndexedInstrProf of InstrProf.h: a word, then the version with the variants of the raw profiles.
constexpr std::string_view kMerged = "\xfflprofi\x81";

}  // namespace

const LlvmFormat* find_llvm_format(std::uint64_t version) {
  for (const LlvmFormat& format : kFormats) {
    if (format.version == (version & ~kLlvmVariants)) return &format;
  }
  return nullptr;
}

const LlvmFormat* find_llvm_format_of_clang(unsigned major) {
  if (major > kNewestClang) return nullptr;
  const LlvmFormat* found = nullptr;
  for (const LlvmFormat& format : kFormats) {
    if (format.clang_major <= major) found = &format;
  }
  return found;
}

// Each reads one version, the one that its own clang writes: InstrProfReader.cpp, readHeader().
LlvmReleases llvm_releases_that_read(std::uint64_t version) {
  const LlvmFormat* format = find_llvm_format(version);
  if (format == nullptr) return {};
  const bool is_newest = format + 1 == std::end(kFormats);
  return {format->clang_major, is_newest ? 0 : format[1].clang_major - 1};
}

bool has_byte_counters(std::string_view merged) {
  std::uint64_t version = 0;
  if (!merged.starts_with(kMerged) || merged.size() < kMerged.size() + sizeof version) return false;
  std::memcpy(&version, merged.data() + kMerged.size(), sizeof version);
  return (version & kLlvmByteCounters) != 0;
}

std::string describe_llvm_version(std::uint64_t version) {
  return "raw profile version " + std::to_string(version & ~kLlvmVariants);
}

std::string supported_llvm_versions() {
  return std::to_string(kFormats[0].version) + " to " +
         std::to_string(std::rbegin(kFormats)->version) + " (clang " +
         std::to_string(kFormats[0].clang_major) + " to " + std::to_string(kNewestClang) + ")";
}

}  // namespace gentle

// The raw profile that clang's coverage runtime writes for one program or shared library: .profraw.
// llvm-profdata merges such files, llvm-cov reads what comes out of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gentle {

// Where in a record of the data the address of its bitmap is.
inline constexpr std::size_t kBitmapOffset = 24;

struct LlvmRawProfile {
  std::uint64_t version = 0;  // with its variants, as __llvm_profile_raw_version
  std::string binary_ids;     // each with its length before it

  // The contents of the sections of the image.
  std::string data;      // a record for each function
  std::string counters;  // of 8 bytes or, with kLlvmByteCounters, 1
  std::string bitmap;
  std::string names;
  std::string vtables;
  std::string vtable_names;

  // Where the sections begin, counted from the first record.
  std::uint64_t counters_delta = 0;
  std::uint64_t bitmap_delta = 0;
  std::uint64_t names_address = 0;  // in the process that has written it: NamesDelta

  std::string values;  // of the functions that have value sites: -fprofile-generate

  bool operator==(const LlvmRawProfile&) const = default;
};

// Just as the runtime writes it. Of a version that is known: llvm_version.h.
std::string serialize(const LlvmRawProfile& profile);

// The beginning of it: the header and the binary ids.
std::string serialize_head(const LlvmRawProfile& profile);

// The value data of functions of which no value was seen.
// A few bytes of `data` may stand for very many: stops when there are more than `most`.
std::string empty_values(std::uint64_t version, std::string_view data,
                         std::size_t most = std::string::npos);

// Whether the sections hold whole records, and all functions have their counters: llvm-profdata
// gives up all of what it merges otherwise. Gives back "" or what is wrong.
std::string find_fault(const LlvmRawProfile& profile);

// `name` is for messages. Throws Error with what is wrong with the file: empty, truncated, of
// another version, more behind it.
LlvmRawProfile parse_llvm_profile(std::string_view bytes, const std::string& name);

// What the first bytes of any raw profile tell, also of one that parse_llvm_profile() cannot read:
// of a 32-bit program, of another byte order, of a version that came later. Nothing if it is none.
struct LlvmRawHeader {
  std::uint64_t version = 0;  // without its variants
  bool is_readable = false;   // by parse_llvm_profile(), if the rest is whole

  bool operator==(const LlvmRawHeader&) const = default;
};
std::optional<LlvmRawHeader> read_llvm_header(std::string_view bytes);

// A process that is killed while it writes leaves an empty file or a part of one.
bool is_whole_llvm_profile(std::string_view bytes);

}  // namespace gentle

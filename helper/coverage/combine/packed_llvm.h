// What a program of clang's source-based coverage, or of Rust's, tells: its files and functions, as
// bytes that are equal for equal sources, and as counts that add up.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/llvm/llvm_export.h"
#include "coverage/llvm/llvm_lines.h"

namespace gentle {

struct PackedPart {
  std::string bytes;
  std::vector<std::uint64_t> counts;
};

// Stands among the parts of a program of Counting::kOnce.
PackedPart pack_llvm_once();
bool is_llvm_once(std::string_view bytes);

PackedPart pack_llvm_lines(const std::string& source, const std::vector<LlvmLine>& lines);

// With its sources as the compiler has named them.
PackedPart pack_llvm_function(const LlvmFunction& function);

// How a source is called in a report; "" for one that no report shows.
using LlvmNaming = std::function<std::string(const std::string& name)>;

// The function with other names; nothing if none of its sources has one.
std::optional<PackedPart> renamed_llvm_function(const PackedPart& function,
                                                const LlvmNaming& name_of);

// How many counts belong to the bytes. Throws Error, with a cause alone, for bytes that are no
// part; takes time and memory in proportion to them, whatever they say.
std::size_t count_llvm_counts(std::string_view bytes);

// Adds what the part tells. Throws Error, with a cause alone, if its numbers do not belong
// together.
void add_llvm_part(std::string_view bytes, std::span<const std::uint64_t> counts,
                   LlvmExport& result);

}  // namespace gentle

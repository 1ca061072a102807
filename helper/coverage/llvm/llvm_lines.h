// How often a line was executed, by numbers that add up over several runs of a program. The count
// of a line does not: it is the largest of those of the regions that it belongs to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "coverage/llvm/llvm_export.h"

namespace gentle {

struct LlvmLine {
  std::uint32_t line = 0;
  // Of the region in which the line begins, then of each that begins in it. How many there are is
  // the same in each run.
  std::vector<std::uint64_t> counts;

  std::int64_t count() const;

  bool operator==(const LlvmLine&) const = default;
};

// Of all `lines` that llvm-cov counts in a file. Nothing if these segments do not give the same
// counts. The rule is that of LineCoverageStats in LLVM's CoverageMapping.cpp.
std::optional<std::vector<LlvmLine>> additive_lines(
    const std::vector<LlvmSegment>& segments, const std::map<std::uint32_t, std::int64_t>& lines);

}  // namespace gentle

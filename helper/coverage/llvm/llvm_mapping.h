// What -fcoverage-mapping notes in a program of the decisions of its functions (__llvm_covfun,
// LLVM's "Coverage Mapping Format"). llvm-cov tells which terms of a decision one profile has
// shown; only with the mapping is it known what two profiles show together. Only functions that
// have decisions are read. The section may hold anything.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/llvm/decision_graph.h"
#include "coverage/llvm/llvm_export.h"

namespace gentle {

struct MappedDecision {
  LlvmNumbers place;         // line and column of its begin, and of its end
  std::uint64_t file = 0;    // as of the function's regions: a file or a macro
  std::uint64_t bitmap = 0;  // the number that tells where its bits are (decision_bits())
  DecisionGraph graph;
  std::vector<std::uint16_t> identifiers;  // of its terms

  bool operator==(const MappedDecision&) const = default;
};

struct MappedFunction {
  std::string regions;  // the places of all that are counted
  // Nothing if they are not understood.
  std::optional<std::vector<MappedDecision>> decisions;
};

// Those of __llvm_covfun that have decisions.
std::vector<MappedFunction> read_mapped_functions(std::string_view section);

// The decisions of the functions of a program. Functions that look the same, such as two instances
// of a template, have the same decisions.
class LlvmMapping {
 public:
  explicit LlvmMapping(const std::vector<MappedFunction>& functions);

  // As many as the function has, and in the same order; nullptr if they are not known.
  const std::vector<MappedDecision>* decisions_of(const LlvmFunction& function) const;

 private:
  // By their regions. Nothing for functions that look the same and are not.
  std::map<std::string, std::optional<std::vector<MappedDecision>>> functions_;
};

// How often each path through a decision was taken, 0 or 1, by the bitmap of its function as the
// given release of LLVM has written it. Nothing if there are no such bits.
std::optional<std::vector<std::uint64_t>> taken_paths(const MappedDecision& decision,
                                                      std::string_view bitmap, unsigned release);

}  // namespace gentle

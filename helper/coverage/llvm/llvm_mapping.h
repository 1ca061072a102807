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
#include <utility>
#include <vector>

#include "coverage/llvm/decision_graph.h"
#include "coverage/llvm/llvm_export.h"

namespace gentle {

struct MappedDecision {
  LlvmNumbers place;         // line and column of its begin, and of its end
  std::uint64_t file = 0;    // as of the function's regions: a file or a macro
  std::uint64_t bitmap = 0;  // the number that tells where its bits are (taken_paths())
  std::vector<std::uint64_t> identifiers;  // of its terms
  DecisionGraph graph;                     // without terms if there are too many, or too many paths

  bool operator==(const MappedDecision&) const = default;
};

struct MappedFunction {
  std::uint64_t name = 0;  // the first eight bytes of its name's MD5
  std::uint64_t hash = 0;  // of its structure, as the profile has it
  std::string regions;     // the places of all that are counted
  std::vector<MappedDecision> decisions;

  bool operator==(const MappedFunction&) const = default;
};

// Those of __llvm_covfun that have decisions, without those that are not understood.
std::vector<MappedFunction> read_mapped_functions(std::string_view section);

class LlvmMapping {
 public:
  explicit LlvmMapping(const std::vector<MappedFunction>& functions);

  // With as many decisions as llvm-cov tells of it, in the same order. nullptr if it is not known,
  // or if several have this name, look the same and are not.
  const MappedFunction* find(std::uint64_t name, const LlvmFunction& function) const;

 private:
  // By name and regions.
  std::map<std::pair<std::uint64_t, std::string>, std::optional<MappedFunction>> functions_;
};

// How often each path through a decision was taken, 0 or 1, by the bitmap of its function as the
// given release of LLVM has written it. Nothing if there are no such bits, or for release 0.
std::optional<std::vector<std::uint64_t>> taken_paths(const MappedDecision& decision,
                                                      std::string_view bitmap, unsigned release);

}  // namespace gentle

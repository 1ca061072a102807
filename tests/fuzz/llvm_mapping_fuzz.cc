// Any bytes in the place of __llvm_covfun give decisions with paths, or none. The same bytes stand
// for the bitmap of a function, and for __llvm_prf_data.
#include <cstdint>

#include "coverage/llvm/llvm_mapping.h"
#include "coverage/llvm/llvm_records.h"
#include "fuzz.h"

namespace {

using gentle::fuzz::require;

void check(const gentle::MappedDecision& decision, std::string_view bitmap) {
  require(!decision.identifiers.empty(), "a decision has terms");
  if (decision.graph.next.empty()) return;
  const std::size_t paths = gentle::count_paths(decision.graph);
  require(paths > 0, "a way leads through a decision");
  require(decision.identifiers.size() == decision.graph.next.size(), "each term has a number");
  for (const unsigned release : {18U, 19U}) {
    const auto taken = gentle::taken_paths(decision, bitmap, release);
    if (!taken) continue;
    require(taken->size() == paths, "each path has a count");
    gentle::independent_terms(decision.graph, *taken);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = gentle::fuzz::text(data, size);
  const auto functions = gentle::read_mapped_functions(bytes);
  const gentle::LlvmMapping mapping(functions);
  for (const gentle::MappedFunction& function : functions) {
    for (const gentle::MappedDecision& decision : function.decisions) check(decision, bytes);
    require(gentle::mapped_names(bytes).count(function.name) == 1, "what is read has a name");
  }
  for (const std::size_t record : {48U, 64U}) {
    require(gentle::shared_names(bytes, record).size() * 2 * record <= size, "two share a name");
  }
  return 0;
}

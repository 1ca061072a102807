#include "coverage/table/llvm_source.h"

namespace gentle {

TableSource table_source(const ExportedSource& source) {
  TableSource result;
  for (const auto& [number, count] : source.lines) {
    TableLine& line = result.lines[number];
    line.count = count;
    line.has_unexecuted_block = source.unexecuted.contains(number);
  }
  for (const auto& [key, branch] : source.branches) {
    const auto line = result.lines.find(key.first);
    if (line == result.lines.end()) continue;  // of no line that llvm-cov counts
    line->second.groups.push_back(
        {key.second | kOfCondition,
         {{branch.taken, false, false}, {branch.not_taken, false, false}}});
  }
  for (const auto& [key, decision] : source.decisions) {
    const auto line = result.lines.find(key.first);
    if (line == result.lines.end()) continue;
    line->second.decisions.push_back(
        {key.second | kOfCondition, {{decision.terms, decision.covered, decision.covered}}});
  }
  for (const auto& [key, function] : source.functions) {
    result.functions[key] = {function.count, function.count, function.regions,
                             function.regions_executed};
  }
  return result;
}

}  // namespace gentle

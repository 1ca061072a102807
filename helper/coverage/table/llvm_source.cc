#include "coverage/table/llvm_source.h"

#include <algorithm>
#include <cstdint>

namespace gentle {

TableSource table_source(const ExportedSource& source, Counting counting) {
  const auto counted = [counting](std::int64_t count) {
    return counting == Counting::kOnce ? std::min<std::int64_t>(count, 1) : count;
  };
  TableSource result;
  for (const auto& [number, count] : source.lines) {
    TableLine& line = result.lines[number];
    line.count = counted(count);
    line.has_unexecuted_block = source.unexecuted.contains(number);
  }
  for (const auto& [key, branch] : source.branches) {
    const auto line = result.lines.find(key.first);
    if (line == result.lines.end()) continue;  // of no line that llvm-cov counts
    line->second.groups.push_back(
        {key.second | kOfCondition,
         {{counted(branch.taken), false, false}, {counted(branch.not_taken), false, false}}});
  }
  for (const auto& [key, decision] : source.decisions) {
    const auto line = result.lines.find(key.first);
    if (line == result.lines.end()) continue;
    line->second.decisions.push_back(
        {key.second | kOfCondition, {{decision.terms, decision.covered, decision.covered}}});
  }
  for (const auto& [key, function] : source.functions) {
    result.functions[key] = {counted(function.count),
                             counted(function.count),
                             function.regions,
                             function.regions_executed,
                             "",
                             function.column};
  }
  return result;
}

}  // namespace gentle

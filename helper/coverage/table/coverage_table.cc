#include "coverage/table/coverage_table.h"

#include <algorithm>
#include <limits>

namespace gentle {
namespace {

// Counts stop at the largest number.
void add_count(std::int64_t& sum, std::int64_t more) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (more > 0 && sum > Limits::max() - more) {
    sum = Limits::max();
  } else if (more < 0 && sum < Limits::min() - more) {
    sum = Limits::min();
  } else {
    sum += more;
  }
}

// Branch by branch: their order follows from the source. Where one has more of them, as after
// another optimisation, they are there as well.
void add_branches(std::vector<TableBranch>& sum, const std::vector<TableBranch>& more) {
  for (std::size_t i = 0; i < more.size(); ++i) {
    if (i == sum.size()) {
      sum.insert(sum.end(), more.begin() + static_cast<std::ptrdiff_t>(i), more.end());
      return;
    }
    add_count(sum[i].count, more[i].count);
    sum[i].is_fall_through = sum[i].is_fall_through || more[i].is_fall_through;
    sum[i].is_throw = sum[i].is_throw && more[i].is_throw;
    sum[i].is_exceptional = sum[i].is_exceptional && more[i].is_exceptional;
  }
}

void add_group(std::vector<BranchGroup>& groups, std::uint64_t place,
               const std::vector<TableBranch>& branches) {
  const auto at = std::lower_bound(
      groups.begin(), groups.end(), place,
      [](const BranchGroup& group, std::uint64_t wanted) { return group.place < wanted; });
  if (at != groups.end() && at->place == place) {
    add_branches(at->branches, branches);
  } else {
    groups.insert(at, {place, branches});
  }
}

std::vector<TableBranch> branches_of(const UnitLines& unit, const LineCount& line) {
  std::vector<TableBranch> branches(line.branches.size);
  for (std::uint32_t i = 0; i < line.branches.size; ++i) {
    const BranchCount& branch = unit.branches[line.branches.begin + i];
    branches[i] = {branch.count, branch.is_fall_through, branch.is_throw, branch.is_exceptional};
  }
  return branches;
}

}  // namespace

void add_function(TableFunction& sum, const TableFunction& more) {
  add_count(sum.count, more.count);
  add_count(sum.returns, more.returns);
  sum.blocks = std::max(sum.blocks, more.blocks);
  sum.blocks_executed = std::max(sum.blocks_executed, more.blocks_executed);
}

void CoverageTable::add(const std::string& path, const UnitLines& unit, const SourceCount& source) {
  TableSource& sum = sources_[path];
  for (const LineCount& line : source.lines) {
    TableLine& known = sum.lines[line.line];
    add_count(known.count, line.count);
    known.has_unexecuted_block = known.has_unexecuted_block || line.has_unexecuted_block;
    if (line.branches.size == 0) continue;
    std::uint64_t place = 0;
    if (line.function != kNoFunction) {
      const FunctionCount& function = source.functions[line.function];
      place = std::uint64_t{function.start_line} << 32U | function.start_column;
    }
    add_group(known.groups, place, branches_of(unit, line));
  }
  for (const FunctionCount& function : source.functions) {
    add_function(
        sum.functions[{std::string(function.name), function.start_line}],
        {function.execution_count, function.returns, function.blocks, function.blocks_executed});
  }
}

void CoverageTable::add(const CoverageTable& other) {
  for (const auto& [path, source] : other.sources_) {
    TableSource& sum = sources_[path];
    for (const auto& [number, line] : source.lines) {
      TableLine& known = sum.lines[number];
      add_count(known.count, line.count);
      known.has_unexecuted_block = known.has_unexecuted_block || line.has_unexecuted_block;
      for (const BranchGroup& group : line.groups) {
        add_group(known.groups, group.place, group.branches);
      }
    }
    for (const auto& [key, function] : source.functions) {
      add_function(sum.functions[key], function);
    }
  }
}

}  // namespace gentle

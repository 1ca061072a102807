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

// What a term has decided in one object, it has decided. Where one has more terms, as after another
// macro, these count.
void add_decisions(std::vector<TableDecision>& sum, const std::vector<TableDecision>& more) {
  if (sum.size() < more.size()) sum.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) {
    sum[i].terms = std::max(sum[i].terms, more[i].terms);
    sum[i].by_true |= more[i].by_true;
    sum[i].by_false |= more[i].by_false;
  }
}

// The group of the place, where it belongs if it is new.
template <typename Group>
Group& group_at(std::vector<Group>& groups, std::uint64_t place) {
  const auto at = std::lower_bound(
      groups.begin(), groups.end(), place,
      [](const Group& group, std::uint64_t wanted) { return group.place < wanted; });
  if (at != groups.end() && at->place == place) return *at;
  return *groups.insert(at, {place, {}});
}

std::vector<TableDecision> decisions_of(const UnitLines& unit, const LineCount& line) {
  std::vector<TableDecision> decisions;
  for (std::uint32_t i = 0; i < line.decisions.size; ++i) {
    const DecisionCount& decision = unit.decisions[line.decisions.begin + i];
    decisions.push_back({decision.terms, decision.by_true, decision.by_false});
  }
  return decisions;
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
  sum.column = std::max(sum.column, more.column);
}

void add_branch(TableLine& line, const std::vector<bool>& taken) {
  BranchGroup& group = line.groups.emplace_back();
  group.place = line.groups.size();
  for (const bool way : taken) group.branches.emplace_back().count = way ? 1 : 0;
}

void CoverageTable::add(const std::string& path, const UnitLines& unit, const SourceCount& source) {
  TableSource& sum = sources_[path];
  for (const LineCount& line : source.lines) {
    TableLine& known = sum.lines[line.line];
    add_count(known.count, line.count);
    known.has_unexecuted_block = known.has_unexecuted_block || line.has_unexecuted_block;
    if (line.branches.size == 0 && line.decisions.size == 0) continue;
    std::uint64_t place = 0;
    if (line.function != kNoFunction) {
      const FunctionCount& function = source.functions[line.function];
      place = std::uint64_t{function.start_line} << 32U | function.start_column;
    }
    if (line.branches.size > 0) {
      add_branches(group_at(known.groups, place).branches, branches_of(unit, line));
    }
    if (line.decisions.size > 0) {
      add_decisions(group_at(known.decisions, place).decisions, decisions_of(unit, line));
    }
  }
  for (const FunctionCount& function : source.functions) {
    add_function(
        sum.functions[{std::string(function.name), function.start_line}],
        {function.execution_count, function.returns, function.blocks, function.blocks_executed});
  }
}

namespace {

void add_line(TableLine& sum, const TableLine& more) {
  add_count(sum.count, more.count);
  sum.has_unexecuted_block = sum.has_unexecuted_block || more.has_unexecuted_block;
  sum.is_excluded = sum.is_excluded || more.is_excluded;
  for (const BranchGroup& group : more.groups) {
    add_branches(group_at(sum.groups, group.place).branches, group.branches);
  }
  for (const DecisionGroup& group : more.decisions) {
    add_decisions(group_at(sum.decisions, group.place).decisions, group.decisions);
  }
}

}  // namespace

void CoverageTable::add(const CoverageTable& other) {
  for (const auto& [path, source] : other.sources_) {
    TableSource& sum = sources_[path];
    for (const auto& [number, line] : source.lines) add_line(sum.lines[number], line);
    for (const auto& [key, function] : source.functions) {
      add_function(sum.functions[key], function);
    }
  }
}

void CoverageTable::take(CoverageTable other) {
  sources_.merge(other.sources_);
  // What is left in the other one after a merge is known here.
  for (auto& [path, source] : other.sources_) {
    TableSource& sum = sources_.at(path);
    sum.lines.merge(source.lines);
    for (const auto& [number, line] : source.lines) add_line(sum.lines.at(number), line);
    sum.functions.merge(source.functions);
    for (const auto& [key, function] : source.functions) {
      add_function(sum.functions.at(key), function);
    }
    source = {};
  }
}

}  // namespace gentle

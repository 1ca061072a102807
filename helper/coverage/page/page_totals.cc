#include "coverage/page/page_totals.h"

namespace gentle {
namespace {

void count_one(PageShare& share, bool is_covered) {
  ++share.all;
  if (is_covered) ++share.covered;
}

void add_share(PageShare& sum, const PageShare& more) {
  sum.covered += more.covered;
  sum.all += more.all;
}

void add_decision(PageShare& sum, const TableDecision& decision) {
  for (std::uint32_t term = 0; term < decision.told_terms(); ++term) {
    count_one(sum, (decision.by_true >> term & 1U) != 0);
    count_one(sum, (decision.by_false >> term & 1U) != 0);
  }
}

bool is_excluded(const TableSource& source, std::uint32_t line) {
  const auto at = source.lines.find(line);
  return at != source.lines.end() && at->second.is_excluded;
}

}  // namespace

void PageTotals::add(const PageTotals& more) {
  add_share(lines, more.lines);
  add_share(branches, more.branches);
  add_share(functions, more.functions);
  add_share(conditions, more.conditions);
}

PageTotals page_totals_of(const TableSource& source, bool throw_branches) {
  PageTotals totals;
  for (const auto& [number, line] : source.lines) {
    if (line.is_excluded) continue;
    count_one(totals.lines, line.count > 0);
    for (const BranchGroup& group : line.groups) {
      for (const TableBranch& branch : group.branches) {
        if (is_counted(branch, throw_branches)) count_one(totals.branches, branch.count > 0);
      }
    }
    for (const DecisionGroup& group : line.decisions) {
      for (const TableDecision& decision : group.decisions) {
        add_decision(totals.conditions, decision);
      }
    }
  }
  for (const auto& [key, function] : source.functions) {
    if (!is_excluded(source, key.second)) count_one(totals.functions, function.count > 0);
  }
  return totals;
}

}  // namespace gentle

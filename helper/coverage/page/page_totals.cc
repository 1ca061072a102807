#include "coverage/page/page_totals.h"

#include "coverage/formats/counted_source.h"
#include "coverage/formats/table_summary.h"

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
  const Share functions = share_of(counted_functions(source));
  totals.functions = {functions.covered, functions.total};
  return totals;
}

}  // namespace gentle

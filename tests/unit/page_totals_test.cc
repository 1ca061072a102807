#include "coverage/page/page_totals.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TableLine line_of(std::int64_t count, std::vector<TableBranch> branches = {}) {
  TableLine line;
  line.count = count;
  if (!branches.empty()) line.groups.push_back({0, std::move(branches)});
  return line;
}

constexpr TableBranch kTaken{3, false, false};
constexpr TableBranch kNever{0, false, false};
constexpr TableBranch kThrown{0, false, true, true};
constexpr TableBranch kNotThrown{3, true, false, true};

TEST(PageTotalsTest, CountsWhatIsCovered) {
  TableSource source;
  source.lines = {{1, line_of(3, {kTaken, kNever})}, {2, line_of(0)}, {3, line_of(-1)}};
  source.functions = {{{"f", 1}, {3, 3, 1, 1}}, {{"g", 2}, {0, 0, 1, 0}}};
  EXPECT_EQ(page_totals_of(source, false), (PageTotals{{1, 3}, {1, 2}, {1, 2}}));
}

TEST(PageTotalsTest, BranchesOfExceptionsCountIfAskedFor) {
  TableSource source;
  source.lines = {{1, line_of(3, {kTaken, kThrown})}};
  EXPECT_EQ(page_totals_of(source, false).branches, (PageShare{1, 1}));
  EXPECT_EQ(page_totals_of(source, true).branches, (PageShare{1, 2}));
  source.lines = {{1, line_of(3, {kNotThrown, kThrown})}};
  EXPECT_EQ(page_totals_of(source, false).branches, (PageShare{0, 0})) << "nothing is decided";
  EXPECT_EQ(page_totals_of(source, true).branches, (PageShare{1, 2}));
}

TEST(PageTotalsTest, WhatAMarkerExcludesDoesNotCount) {
  TableSource source;
  source.lines = {{1, line_of(0, {kNever})}, {2, line_of(1)}};
  source.lines[1].is_excluded = true;
  source.functions = {{{"f", 1}, {}}, {{"g", 2}, {1, 1, 1, 1}}};
  EXPECT_EQ(page_totals_of(source, false), (PageTotals{{1, 1}, {0, 0}, {1, 1}}));
}

TEST(PageTotalsTest, VariantsOfOneFunctionAreOneAsInOtherFormats) {
  TableSource source;
  source.functions = {{{"_ZN1AD0Ev", 1}, {0, 0, 1, 0}}, {{"_ZN1AD2Ev", 1}, {1, 1, 1, 1}}};
  EXPECT_EQ(page_totals_of(source, false).functions, (PageShare{1, 1}));
}

TEST(PageTotalsTest, AddsUp) {
  PageTotals sum{{1, 2}, {3, 4}, {5, 6}};
  sum.add({{1, 1}, {0, 1}, {0, 0}});
  EXPECT_EQ(sum, (PageTotals{{2, 3}, {3, 5}, {5, 6}}));
}

TEST(PageTotalsTest, EachTermOfADecisionHasTwoOutcomes) {
  TableSource source;
  source.lines[1].decisions = {{0, {{3, 1, 5}, {70, ~std::uint64_t{0}, 0}}}};
  source.lines[2].decisions = {{0, {{1, 1, 1}}}};
  source.lines[2].is_excluded = true;
  EXPECT_EQ(page_totals_of(source, false).conditions, (PageShare{67, 134}));
}

}  // namespace
}  // namespace gentle

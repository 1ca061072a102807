#include "coverage/table/coverage_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "coverage/formats/tracefile_format.h"

namespace gentle {
namespace {

constexpr const char* kPath = "/a.cc";

// What one object tells of one line in one function.
struct Told {
  std::string function = "_Z1fv";
  std::uint32_t begins = 1;
  std::uint32_t line = 2;
  std::int64_t count = 0;
  std::vector<std::int64_t> branches = {};
  bool has_unexecuted_block = false;
};

void tell(CoverageTable& table, const std::vector<Told>& lines) {
  UnitLines unit;
  SourceCount source;
  for (const Told& told : lines) {
    LineCount line{told.line,  static_cast<std::uint32_t>(source.functions.size()),
                   told.count, told.has_unexecuted_block,
                   {},         {}};
    line.branches = {static_cast<std::uint32_t>(unit.branches.size()),
                     static_cast<std::uint32_t>(told.branches.size())};
    for (const std::int64_t count : told.branches)
      unit.branches.push_back({count, 0, 0, false, false});
    source.lines.push_back(line);
    source.functions.push_back(
        {told.function, told.begins, 5, told.line, 1, told.count, told.count, 4, 3});
  }
  table.add(kPath, unit, source);
}

const TableLine& line_of(const CoverageTable& table, std::uint32_t number = 2) {
  return table.sources().at(kPath).lines.at(number);
}

std::vector<std::vector<std::int64_t>> branches_of(const CoverageTable& table) {
  std::vector<std::vector<std::int64_t>> all;
  for (const BranchGroup& group : line_of(table).groups) {
    all.emplace_back();
    for (const TableBranch& branch : group.branches) all.back().push_back(branch.count);
  }
  return all;
}

using Branches = std::vector<std::vector<std::int64_t>>;

TEST(CoverageTableTest, InstancesOfATemplateAreOneLine) {
  CoverageTable table;
  Told of_int{"_Z1fIiEvT_"};
  of_int.count = 3;
  of_int.branches = {3, 0};
  Told of_double{"_Z1fIdEvT_"};
  of_double.count = 1;
  of_double.branches = {0, 1};
  tell(table, {of_int, of_double});
  EXPECT_EQ(line_of(table).count, 4);
  EXPECT_EQ(branches_of(table), (Branches{{3, 1}}));
  EXPECT_EQ(table.sources().at(kPath).functions.size(), 2U) << "each has its own count";
}

TEST(CoverageTableTest, FunctionsThatBeginOnOtherLinesHaveBranchesOfTheirOwn) {
  CoverageTable table;
  Told outer{"_Z1fv"};
  outer.branches = {3, 0};
  Told lambda{"_ZZ1fvENKUlvE_clEv"};
  lambda.begins = 2;
  lambda.branches = {7, 8};
  tell(table, {lambda, outer});
  EXPECT_EQ(branches_of(table), (Branches{{3, 0}, {7, 8}}));
}

TEST(CoverageTableTest, AHeaderInManyObjectsIsOne) {
  CoverageTable one;
  CoverageTable other;
  Told told;
  told.count = 5;
  told.branches = {5, 0};
  tell(one, {told});
  told.count = 2;
  told.branches = {0, 2};
  told.has_unexecuted_block = true;
  tell(one, {told});
  told.count = 10;
  told.branches = {10, 0};
  tell(other, {told});
  one.add(other);
  EXPECT_EQ(line_of(one).count, 17);
  EXPECT_TRUE(line_of(one).has_unexecuted_block);
  EXPECT_EQ(branches_of(one), (Branches{{15, 2}}));
  const auto& functions = one.sources().at(kPath).functions;
  ASSERT_EQ(functions.size(), 1U);
  EXPECT_EQ(functions.begin()->second.count, 17);
  EXPECT_EQ(functions.begin()->second.blocks, 4U);
}

TEST(CoverageTableTest, MoreBranchesThanBeforeAreThereAsWell) {
  CoverageTable table;
  Told told;
  told.branches = {1};
  tell(table, {told});
  told.branches = {1, 2, 3};
  tell(table, {told});
  told.branches = {4, 4};
  tell(table, {told});
  EXPECT_EQ(branches_of(table), (Branches{{6, 6, 3}}));
}

// As of one that was compiled with -fno-exceptions: there the program decides.
TEST(CoverageTableTest, ABranchIsExceptionalIfItIsSoInAllObjects) {
  const auto tell_branches = [](CoverageTable& table, bool is_exceptional) {
    UnitLines unit;
    unit.branches = {{1, 0, 0, true, false, is_exceptional},
                     {0, 0, 0, false, is_exceptional, is_exceptional}};
    SourceCount source;
    source.lines.push_back({2, kNoFunction, 1, false, {0, 2}, {}});
    table.add(kPath, unit, source);
  };
  CoverageTable table;
  tell_branches(table, true);
  EXPECT_TRUE(line_of(table).groups[0].branches[0].is_exceptional);
  EXPECT_FALSE(is_counted(line_of(table).groups[0].branches[0], false));
  tell_branches(table, true);
  EXPECT_TRUE(line_of(table).groups[0].branches[0].is_exceptional);
  tell_branches(table, false);
  EXPECT_FALSE(line_of(table).groups[0].branches[0].is_exceptional);
  EXPECT_TRUE(is_counted(line_of(table).groups[0].branches[0], false));
  EXPECT_TRUE(is_counted(line_of(table).groups[0].branches[1], false));
}

void tell_decisions(CoverageTable& table, std::uint32_t begins,
                    const std::vector<DecisionCount>& decisions) {
  UnitLines unit;
  unit.decisions = decisions;
  SourceCount source;
  source.functions.push_back({"f", begins, 1, 9, 1, 0, 0, 2, 0});
  source.lines.push_back({2, 0, 1, false, {}, {0, static_cast<std::uint32_t>(decisions.size())}});
  table.add(kPath, unit, source);
}

TEST(CoverageTableTest, WhatATermHasDecidedInOneObjectItHasDecided) {
  CoverageTable one;
  tell_decisions(one, 1, {{2, 0b01, 0b00}, {3, 0b100, 0b001}});
  tell_decisions(one, 1, {{2, 0b00, 0b10}});
  CoverageTable other;
  tell_decisions(other, 1, {{2, 0b10, 0b10}});
  tell_decisions(other, 2, {{2, 0, 0b01}});
  one.add(other);
  const auto& groups = line_of(one).decisions;
  ASSERT_EQ(groups.size(), 2U) << "a lambda on the line of another function";
  EXPECT_EQ(groups[0].decisions, (std::vector<TableDecision>{{2, 0b11, 0b10}, {3, 0b100, 0b001}}));
  EXPECT_EQ(groups[1].decisions, (std::vector<TableDecision>{{2, 0, 0b01}}));
  EXPECT_TRUE(line_of(one).groups.empty());
}

TEST(CoverageTableTest, CountsStopAtTheLargestNumber) {
  CoverageTable table;
  Told told;
  for (int i = 0; i < 3; ++i) {
    told.count = std::numeric_limits<std::int64_t>::max() - 1;
    tell(table, {told});
  }
  EXPECT_EQ(line_of(table).count, std::numeric_limits<std::int64_t>::max());
}

TEST(CoverageTableTest, WhatIsTakenIsAdded) {
  CoverageTable one;
  tell(one, {{"_Z1fv", 1, 2, 3, {1, 2}, true}, {"_Z1gv", 5, 6, 1}});
  CoverageTable other;
  tell(other, {{"_Z1fv", 1, 2, 4, {1, 0, 7}}, {"_Z1hv", 8, 9, 2, {5}}});
  other.sources()["/b.cc"].lines[1].count = 7;
  other.sources()["/a.cc"].lines[6].is_excluded = true;
  CoverageTable sum = one;
  sum.add(other);
  CoverageTable taken = one;
  taken.take(other);
  FormatOptions options;
  const auto text = [&](const CoverageTable& table) {
    return whole_text(
        [&](PartedText& parts) { write_tracefile(table, options, newest_tracefile(), parts); });
  };
  EXPECT_EQ(text(taken), text(sum));
  EXPECT_EQ(taken.sources().at(kPath).lines.at(2).count, 7);
  EXPECT_TRUE(taken.sources().at(kPath).lines.at(2).has_unexecuted_block);
  EXPECT_TRUE(taken.sources().at(kPath).lines.at(6).is_excluded);
  CoverageTable nothing;
  nothing.take(other);
  EXPECT_EQ(text(nothing), text(other));
}

}  // namespace
}  // namespace gentle

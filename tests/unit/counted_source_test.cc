#include "coverage/formats/counted_source.h"

#include <gtest/gtest.h>

#include "sample_table.h"

namespace gentle {
namespace {

const TableSource& first_of(const CoverageTable& table) {
  return table.sources().at("/project/src/net/a.cc");
}

TEST(CountedSource, NamesAreRelativeToTheRootIfTheyAreBelowIt) {
  FormatOptions options;
  options.root = "/project";
  EXPECT_EQ(shown_name("/project/a/b.cc", options), "a/b.cc");
  EXPECT_EQ(shown_name("/projected/b.cc", options), "/projected/b.cc");
  EXPECT_EQ(shown_name("/project", options), "/project");
  EXPECT_EQ(shown_name("/project/", options), "/project/");
  options.root = "/";
  EXPECT_EQ(shown_name("/a/b.cc", options), "a/b.cc");
}

TEST(CountedSource, FunctionsOfOneNameAreOne) {
  const CoverageTable table = sample_table();
  const auto functions = counted_functions(first_of(table));
  ASSERT_EQ(functions.size(), 2U) << "the excluded one counts nowhere";
  EXPECT_EQ(functions[0].name, "S::S()");
  EXPECT_EQ(functions[0].linker_name, "_ZN1SC1Ev");
  EXPECT_EQ(functions[0].line, 3U);
  EXPECT_EQ(functions[0].counts.count, 5);
  EXPECT_EQ(functions[1].name, "main");
}

// A generic function of a library, and of its tests, which are another crate for the linker.
TEST(CountedSource, FunctionsOfRustAtOnePlaceAreOne) {
  TableSource source;
  const auto add = [&](const char* name, std::uint32_t line, std::int64_t count,
                       std::uint32_t column) {
    source.functions[{name, line}] = {count, count, 2, count > 0 ? 2U : 0U, "", column};
  };
  add("_RINvCs1_3lib7largestpEB2_", 3, 0, 5);
  add("_RINvCs2_3lib7largestlEB2_", 3, 4, 5);
  add("_RNCNvCs1_3lib7largest0B2_", 3, 1, 20);
  add("_ZN3lib4main17h0123456789abcdefE", 9, 1, 1);
  add("_ZN3lib4main17hfedcba9876543210E", 9, 2, 1);
  const std::vector<CountedFunction> functions = counted_functions(source);
  ASSERT_EQ(functions.size(), 3U);
  EXPECT_EQ(functions[0].counts.count, 4);
  EXPECT_EQ(functions[0].counts.blocks_executed, 2U);
  EXPECT_EQ(functions[1].counts.count, 1);
  EXPECT_EQ(functions[2].counts.count, 3);
}

TEST(CountedSource, AFunctionThatBeginsOnTwoLinesHasTheFirst) {
  TableSource source;
  source.functions[{"_Z1fv", 9}] = {1, 1, 2, 1};
  source.functions[{"_Z1fv", 7}] = {2, 1, 3, 2};
  const auto functions = counted_functions(source);
  ASSERT_EQ(functions.size(), 1U);
  EXPECT_EQ(functions[0].line, 7U);
  EXPECT_EQ(functions[0].counts.count, 3);
  EXPECT_EQ(functions[0].counts.blocks, 3U);
}

TEST(CountedSource, WhatOnlyAnExceptionDecidesDoesNotCount) {
  const TableLine line =
      sample_line(5, {{1, {{5, true, false, true}, {0, false, true, true}, {3, true, false}}}});
  const auto counted = [&](const FormatOptions& options) {
    std::size_t branches = 0;
    visit_branches(line, options,
                   [&](std::size_t, std::size_t, const TableBranch&) { ++branches; });
    return branches;
  };
  EXPECT_EQ(counted({}), 1U) << "neither the throw, nor the way on of its call";
  EXPECT_EQ(counted(sample_options()), 3U);
}

TEST(CountedSource, ThrowBranchesCountIfTheyAreAskedFor) {
  FormatOptions options = sample_options();
  const CoverageTable table = sample_table();
  std::string seen;
  const auto take = [&](std::size_t group, std::size_t number, const TableBranch& branch) {
    seen +=
        std::to_string(group) + std::to_string(number) + "=" + std::to_string(branch.count) + " ";
  };
  visit_branches(first_of(table).lines.at(3), options, take);
  EXPECT_EQ(seen, "00=5 01=0 10=0 11=0 ");
  seen.clear();
  options.throw_branches = false;
  visit_branches(first_of(table).lines.at(3), options, take);
  EXPECT_EQ(seen, "00=5 10=0 11=0 ");
  seen.clear();
  visit_branches(first_of(table).lines.at(4), options, take);
  EXPECT_EQ(seen, "") << "an excluded line has none";
}

}  // namespace
}  // namespace gentle

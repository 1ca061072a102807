#include "coverage/report/count_rules.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TableSource source() {
  TableSource source;
  source.lines[1].count = 3;
  source.lines[1].groups = {{0, {{1, true, false}, {2, false, false}}}};
  source.lines[2] = source.lines[1];
  return source;
}

TEST(CountRules, ExcludesLinesAndBranches) {
  TableSource excluded = source();
  exclude(excluded, {1, 7}, {2, 7});
  EXPECT_TRUE(excluded.lines.at(1).is_excluded);
  EXPECT_FALSE(excluded.lines.at(2).is_excluded);
  EXPECT_TRUE(excluded.lines.at(2).groups.empty());
  EXPECT_EQ(excluded.lines.size(), 2U) << "no line comes to be by a marker";
}

TEST(CountRules, FunctionsAreNamedAsPeopleWriteThem) {
  CoverageTable table;
  table.sources()["a.cc"].functions[{"_Z1fi", 1}] = {};
  table.sources()["b.c"].functions[{"g", 1}] = {};
  name_functions(table);
  EXPECT_EQ((table.sources()["a.cc"].functions[{"_Z1fi", 1}].name), "f(int)");
  EXPECT_EQ((table.sources()["b.c"].functions[{"g", 1}].name), "g");
}

TEST(CountRules, NothingIsCountedLessThanNever) {
  TableSource lost = source();
  std::vector<std::string> warnings;
  look_for_odd_counts("a.cc", lost, warnings);
  EXPECT_TRUE(warnings.empty());
  lost.lines[2].groups[0].branches[1].count = -4;
  lost.functions[{"f", 3}].count = -1;
  look_for_odd_counts("a.cc", lost, warnings);
  EXPECT_EQ(lost.lines[2].groups[0].branches[1].count, 0);
  EXPECT_EQ((lost.functions[{"f", 3}].count), 0);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].find("its counts are below zero, at line 2 first"), std::string::npos);
}

}  // namespace
}  // namespace gentle

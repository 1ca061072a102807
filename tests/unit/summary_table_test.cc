#include "coverage/report/summary_table.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(SummaryTable, HasALineForEachFileAndOneForAll) {
  const CoverageSummary summary = {
      {{"src/é.cc", {1, 2}, {0, 0}, {0, 1}}, {"a.cc", {100, 100}, {3, 4}, {2, 2}}},
      {101, 102},
      {3, 4},
      {2, 3}};
  EXPECT_EQ(summary_table(summary, 10),
            "File                         Lines     Branches     Functions\n"
            "a.cc              100.0% (100/100)  75.0% (3/4)  100.0% (2/2)\n"
            "src/é.cc               50.0% (1/2)            -    0.0% (0/1)\n"
            "Total of 2 files   99.0% (101/102)  75.0% (3/4)   66.7% (2/3)\n");
}

TEST(SummaryTable, HasAColumnOfConditionsIfThereAreAny) {
  const CoverageSummary summary = {
      {{"a.cc", {1, 2}, {0, 2}, {1, 1}, {3, 4}}, {"b.cc", {1, 1}, {}, {1, 1}}},
      {2, 3},
      {0, 2},
      {2, 2},
      {3, 4}};
  EXPECT_EQ(summary_table(summary, 10),
            "File                     Lines    Branches     Functions   Conditions\n"
            "a.cc               50.0% (1/2)  0.0% (0/2)  100.0% (1/1)  75.0% (3/4)\n"
            "b.cc              100.0% (1/1)           -  100.0% (1/1)            -\n"
            "Total of 2 files   66.7% (2/3)  0.0% (0/2)  100.0% (2/2)  75.0% (3/4)\n");
}

TEST(SummaryTable, ShowsTheFilesThatMissMost) {
  const CoverageSummary summary = {{{"a", {9, 10}, {}, {}},
                                    {"b", {0, 50}, {}, {}},
                                    {"c", {1, 40}, {}, {}},
                                    {"d", {5, 5}, {}, {}}},
                                   {15, 105},
                                   {},
                                   {}};
  const std::string table = summary_table(summary, 2);
  EXPECT_NE(table.find("b "), std::string::npos) << table;
  EXPECT_NE(table.find("c "), std::string::npos) << table;
  EXPECT_NE(table.find("(2 files that miss fewer lines)"), std::string::npos) << table;
  EXPECT_EQ(table.find("d "), std::string::npos) << table;
}

TEST(SummaryTable, NamesTheLimitThatIsNotReached) {
  CoverageSpec spec;
  const CoverageSummary summary = {{}, {9, 10}, {1, 4}, {}};
  EXPECT_TRUE(unreached_limits(spec, summary).empty());
  spec.fail_under_line = 90;
  spec.fail_under_branch = 25.5;
  EXPECT_EQ(unreached_limits(spec, summary),
            std::vector<std::string>{"only 25.0% of the branches were executed (1 of 4), but "
                                     "FAIL_UNDER_BRANCH asks for 25.5%"});
}

}  // namespace
}  // namespace gentle

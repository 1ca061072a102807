#include <gtest/gtest.h>

#include "base/error.h"
#include "coverage/gcov/gcov_output.h"

namespace gentle {
namespace {

constexpr const char* kHeading =
    "        -:    0:Source:/s/a.cc\n"
    "        -:    0:Graph:a.gcno\n"
    "        -:    0:Runs:1\n";

std::string cause_of(const std::string& text) {
  try {
    read_gcov_listing(text, "a.gcno");
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

TEST(GcovListing, HasLinesBranchesAndFunctions) {
  const GcovOutput output =
      read_gcov_listing(std::string(kHeading) +
                            "        -:    1:#include <string>\n"
                            "function _Z1fIiEvT_ called 3 returned 66% blocks executed 75%\n"
                            "function _Z1fIdEvT_ called 0 returned 0% blocks executed 0%\n"
                            "        3:    2:void f(T a) { if (a > 1) g(\"taken 9: \"); }\n"
                            "branch  0 taken 1\n"
                            "branch  1 taken 2\n"
                            "branch  2 never executed\n"
                            "branch  3 never executed\n"
                            "    #####:    3:  h();\n"
                            "    =====:    4:  i();\n"
                            "       7*:    5:  j();\n"
                            "        -:    0:Source:/s/b.h\n"
                            "        1:   12345:int k;\n",
                        "");
  ASSERT_EQ(output.unit.sources.size(), 2U);
  const SourceCount& source = output.unit.sources[0];
  EXPECT_EQ(source.name, "/s/a.cc");
  ASSERT_EQ(source.functions.size(), 2U);
  EXPECT_EQ(source.functions[0].name, "_Z1fIiEvT_");
  EXPECT_EQ(source.functions[0].start_line, 2U);
  EXPECT_EQ(source.functions[0].execution_count, 3);
  EXPECT_EQ(source.functions[0].returns, 1);
  EXPECT_EQ(source.functions[0].blocks_executed, 75U);
  EXPECT_EQ(source.functions[1].start_line, 2U);
  ASSERT_EQ(source.lines.size(), 4U);
  EXPECT_EQ(source.lines[0].count, 3);
  EXPECT_EQ(source.lines[0].branches.size, 4U);
  EXPECT_EQ(output.unit.branches[1].count, 2);
  EXPECT_EQ(output.unit.branches[2].count, 0);
  EXPECT_EQ(source.lines[1].count, 0);
  EXPECT_EQ(source.lines[2].count, 0);
  EXPECT_EQ(source.lines[3].count, 7);
  EXPECT_TRUE(source.lines[3].has_unexecuted_block);
  EXPECT_EQ(output.unit.sources[1].lines.at(0).line, 12345U);
}

// A source that is gone has lines all the same, and one may look like what gcov adds.
TEST(GcovListing, ReadsNoSource) {
  const GcovOutput output = read_gcov_listing(std::string(kHeading) +
                                                  "        2:    1:/*EOF*/\n"
                                                  "        -:    2:branch  0 taken 1\n"
                                                  "        -:    3:1: 5: function f called\n",
                                              "");
  EXPECT_EQ(output.unit.sources.at(0).lines.size(), 1U);
  EXPECT_TRUE(output.unit.branches.empty());
}

TEST(GcovListing, TakesOddCounts) {
  const GcovOutput output = read_gcov_listing(
      std::string(kHeading) + "       -3:    1:a\n9223372036854775807*:    2:b\n", "");
  EXPECT_EQ(output.unit.sources.at(0).lines.at(0).count, -3);
  EXPECT_EQ(output.unit.sources.at(0).lines.at(1).count, INT64_MAX);
}

TEST(GcovListing, RefusesWhatIsNoCount) {
  EXPECT_EQ(cause_of(std::string(kHeading) + "     1.5k:    1:a\n"),
            "gentle: error: read what gcov prints of 'a.gcno': '1.5k' is no count\n");
  EXPECT_NE(cause_of("        2:    1:a\n"), "no error") << "of which source?";
  EXPECT_TRUE(read_gcov_listing("", "").unit.sources.empty());
}

}  // namespace
}  // namespace gentle

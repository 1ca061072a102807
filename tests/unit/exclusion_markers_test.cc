#include "coverage/table/exclusion_markers.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

using Lines = std::set<std::uint32_t>;

TEST(ExclusionMarkersTest, OfALine) {
  const auto found = find_exclusion_markers(
      "a\n"
      "b  // LCOV_EXCL_LINE\n"
      "c  /* GCOVR_EXCL_LINE: why */\n"
      "d  // GCOV_EXCL_LINE");
  EXPECT_EQ(found.lines, (Lines{2, 3, 4}));
  EXPECT_EQ(found.branches, Lines{});
  EXPECT_TRUE(found.problems.empty());
}

TEST(ExclusionMarkersTest, OfManyLines) {
  const auto found = find_exclusion_markers(
      "a\n"
      "// LCOV_EXCL_START\n"
      "b\n"
      "// LCOV_EXCL_STOP\n"
      "c\n"
      "d // LCOV_EXCL_START LCOV_EXCL_STOP\n"
      "e\n");
  EXPECT_EQ(found.lines, (Lines{2, 3, 4, 6}));
}

TEST(ExclusionMarkersTest, OfBranches) {
  const auto found = find_exclusion_markers(
      "a // LCOV_EXCL_BR_LINE\n"
      "// GCOVR_EXCL_BR_START\n"
      "b // GCOVR_EXCL_LINE\n"
      "// GCOVR_EXCL_BR_STOP\n");
  EXPECT_EQ(found.lines, Lines{3});
  EXPECT_EQ(found.branches, (Lines{1, 2, 3, 4}));
}

TEST(ExclusionMarkersTest, OtherWordsAreNone) {
  const auto found = find_exclusion_markers(
      "_EXCL_LINE\n"
      "MY_LCOV_EXCL_LINE\n"
      "XLCOV_EXCL_LINE\n"
      "LCOV_EXCL_LINES\n"
      "LCOV_EXCL_\n"
      "lcov_excl_line\n"
      "GTEST_EXCL_LINE\n");
  EXPECT_TRUE(found.lines.empty());
  EXPECT_TRUE(found.branches.empty());
  EXPECT_TRUE(found.problems.empty());
}

TEST(ExclusionMarkersTest, TellWhatDoesNotFit) {
  EXPECT_EQ(find_exclusion_markers("a\n// LCOV_EXCL_STOP\n").problems,
            std::vector<std::string>{"line 2: LCOV_EXCL_STOP has no LCOV_EXCL_START"});
  const auto open = find_exclusion_markers("// LCOV_EXCL_START\na\n// LCOV_EXCL_START\nb\n");
  EXPECT_EQ(open.lines, (Lines{1, 2, 3, 4}));
  EXPECT_EQ(open.problems,
            (std::vector<std::string>{"line 3: LCOV_EXCL_START, but one is open since line 1",
                                      "line 1: LCOV_EXCL_START has no LCOV_EXCL_STOP"}));
}

}  // namespace
}  // namespace gentle

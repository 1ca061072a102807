#include "cli/coloured_summary.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(ColouredSummary, ColoursTheTitleAndTheShares) {
  EXPECT_EQ(coloured_summary("Coverage\n"
                             "File              Lines      Branches\n"
                             "a.cc      90.0% (9/10)   89.9% (8/9)\n"
                             "b.cc       74.9% (3/4)             -\n"
                             "c.cc    100.0% (9/9)\n"),
            "\033[1mCoverage\033[0m\n"
            "File              Lines      Branches\n"
            "a.cc      \033[32m90.0% (9/10)\033[0m   \033[33m89.9% (8/9)\033[0m\n"
            "b.cc       \033[31m74.9% (3/4)\033[0m             -\n"
            "c.cc    \033[32m100.0% (9/9)\033[0m\n");
}

TEST(ColouredSummary, LeavesTheRestAsItIs) {
  const std::string rest = "\nHTML report: /a 50%/10.5% (3)/x90.0% (1/2)\n10.0% of 3";
  EXPECT_EQ(coloured_summary(rest), rest);
  EXPECT_EQ(coloured_summary(""), "");
}

}  // namespace
}  // namespace gentle

#include "coverage/report/run_gcovr.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

using Lines = std::vector<std::string>;

TEST(RunGcovr, ShowsNoTraceback) {
  EXPECT_EQ(
      without_tracebacks(
          {"(INFO) Reading coverage data...", "Traceback (most recent call last):",
           "  File \"gcovr/workers.py\", line 81, in worker", "    work(*args, **kwargs)",
           "AssertionError", "(ERROR) Traceback (most recent call last):",
           "  File \"gcovr/__main__.py\", line 5, in main", "AssertionError", "  indented words"}),
      (Lines{"(INFO) Reading coverage data...", "AssertionError", "  indented words"}));
  EXPECT_EQ(without_tracebacks({}), Lines{});
}

}  // namespace
}  // namespace gentle

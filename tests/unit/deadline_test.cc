#include "base/deadline.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Deadline, DescribesDurationsForPeople) {
  EXPECT_EQ(describe(milliseconds(0)), "0 ms");
  EXPECT_EQ(describe(std::chrono::microseconds(999)), "0 ms");
  EXPECT_EQ(describe(milliseconds(999)), "999 ms");
  EXPECT_EQ(describe(seconds(1)), "1 s");
  EXPECT_EQ(describe(milliseconds(1250)), "1.2 s");
  EXPECT_EQ(describe(milliseconds(59999)), "59.9 s");
  EXPECT_EQ(describe(seconds(125)), "2 min 5 s");
}

}  // namespace
}  // namespace gentle

#include "base/number.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(ParseInteger, TakesWholeNumbersWithinBounds) {
  EXPECT_EQ(parse_integer<int>("0", 0, 9), 0);
  EXPECT_EQ(parse_integer<int>("9", 0, 9), 9);
  for (const char* wrong :
       {"", " 1", "1 ", "+1", "-1", "10", "1x", "0x1", "1.0", "99999999999999"}) {
    EXPECT_EQ(parse_integer<int>(wrong, 0, 9), std::nullopt) << wrong;
  }
}

TEST(ParseSeconds, TakesUpToThreeDecimals) {
  using std::chrono::milliseconds;
  EXPECT_EQ(parse_seconds("30"), milliseconds(30000));
  EXPECT_EQ(parse_seconds("0"), milliseconds(0));
  EXPECT_EQ(parse_seconds("0.5"), milliseconds(500));
  EXPECT_EQ(parse_seconds("1.25"), milliseconds(1250));
  EXPECT_EQ(parse_seconds("2.007"), milliseconds(2007));
}

TEST(ParseSeconds, RefusesTheRest) {
  for (const char* wrong : {"", ".", "1.", ".5", "-1", "1.-5", "1.2345", "1e3", "soon", "604801"}) {
    EXPECT_EQ(parse_seconds(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace gentle

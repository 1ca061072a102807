#include "model/nearest.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(Nearest, FindsTheMisspeltWord) {
  const std::vector<std::string> known = {"status", "start", "stop", "logs"};
  EXPECT_EQ(nearest("staus", known), "status");
  EXPECT_EQ(nearest("strat", known), "start");
  EXPECT_EQ(nearest("log", known), "logs");
  EXPECT_EQ(nearest("start", known), "start");
}

TEST(Nearest, SaysNothingWhenNoneIsNear) {
  EXPECT_EQ(nearest("frobnicate", {"status", "start"}), "");
  EXPECT_EQ(nearest("x", {"y"}), "");
  EXPECT_EQ(nearest("", {"a"}), "");
  EXPECT_EQ(nearest("anything", {}), "");
}

}  // namespace
}  // namespace gentle

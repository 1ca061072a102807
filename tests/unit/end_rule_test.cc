#include "model/end_rule.h"

#include <gtest/gtest.h>

#include <csignal>

namespace gentle {
namespace {

const EndStatus kGood{false, 0};
const EndStatus kThree{false, 3};
const EndStatus kBySigint{true, SIGINT};

TEST(EndRule, ByDefaultTakesZeroAndDeathByOurOwnSignal) {
  const EndRule rule;
  EXPECT_TRUE(rule.accepts(kGood, {}));
  EXPECT_FALSE(rule.accepts(kThree, {SIGINT}));
  EXPECT_TRUE(rule.accepts(kBySigint, {SIGINT, SIGTERM}));
  EXPECT_FALSE(rule.accepts(kBySigint, {SIGTERM}));
  EXPECT_FALSE(rule.accepts(kBySigint, {}));
}

TEST(EndRule, AGivenListReplacesTheDefault) {
  const EndRule rule{{kThree, kBySigint}};
  EXPECT_TRUE(rule.accepts(kThree, {}));
  EXPECT_TRUE(rule.accepts(kBySigint, {}));
  EXPECT_FALSE(rule.accepts(kGood, {}));
  EXPECT_FALSE(rule.accepts({true, SIGTERM}, {SIGTERM}));
}

}  // namespace
}  // namespace gentle

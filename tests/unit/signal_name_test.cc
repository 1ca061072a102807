#include "base/signal_name.h"

#include <gtest/gtest.h>

#include <csignal>

namespace gentle {
namespace {

TEST(SignalName, GoesBothWays) {
  EXPECT_EQ(signal_number("SIGINT"), SIGINT);
  EXPECT_EQ(signal_name(SIGINT), "SIGINT");
  for (int number = 1; number < 32; ++number) {
    const std::string name = signal_name(number);
    EXPECT_EQ(signal_number(name), number) << name;
  }
}

TEST(SignalName, KnowsOnlyWholeNames) {
  for (const char* wrong : {"", "INT", "sigint", "SIGINT ", "SIGFOO", "2"}) {
    EXPECT_EQ(signal_number(wrong), std::nullopt) << wrong;
  }
}

TEST(SignalName, DescribesTheNamelessOnes) {
  EXPECT_EQ(signal_name(SIGRTMIN + 3), "SIGRTMIN+3");
  EXPECT_EQ(signal_name(0), "signal 0");
}

}  // namespace
}  // namespace gentle

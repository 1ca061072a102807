#include "base/end_status.h"

#include <gtest/gtest.h>

#include <csignal>

namespace gentle {
namespace {

TEST(EndStatus, IsDescribedByNameOfTheSignal) {
  EXPECT_EQ(describe(EndStatus{false, 3}), "exit status 3");
  EXPECT_EQ(describe(EndStatus{true, SIGINT}), "death by SIGINT");
}

}  // namespace
}  // namespace gentle

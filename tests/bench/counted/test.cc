// A small test, as GoogleTest runs one for each process; "kill" ends it by SIGKILL.
#include <gtest/gtest.h>

#include <csignal>

namespace {

int sum_up_to(int number) {
  int sum = 0;
  for (int i = 1; i <= number; ++i) sum += i % 3 == 0 ? i : 1;
  return sum;
}

TEST(Sum, IsWhatItIs) { EXPECT_EQ(sum_up_to(6), 13); }

TEST(Sum, EndsByAStranger) {
  EXPECT_EQ(sum_up_to(3), 5);
  std::raise(SIGKILL);
}

}  // namespace

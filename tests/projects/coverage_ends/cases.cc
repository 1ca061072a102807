#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "client.h"
#include "work.h"

namespace {

// Not in the tests themselves: gcovr adds up what gcov tells of each function of a TEST.
int passes() {
  return work(3);  // counts: passes
}
int fails() {
  return work(3);  // counts: fails
}
int crashes() {
  return work(10);  // counts: crashes
}
int aborts() {
  return work(20);  // counts: aborts
}
int throws() {
  return work(30);  // counts: throws
}
int leaves() {
  return work(40);  // counts: leaves
}
int before_fast() {
  return work(5);  // counts: before_fast
}
int in_fast() {
  return work(100);  // counts: in_fast
}
int after_fast() {
  return work(7);  // counts: after_fast
}
int before_safe() {
  return work(5);  // counts: before_safe
}
int in_safe() {
  return work(200);  // counts: in_safe
}
int after_safe() {
  return work(7);  // counts: after_safe
}
int exits() {
  return work(300);  // counts: exits
}
int exits_at_once() {
  return work(400);  // counts: exits_at_once
}
int is_killed() {
  return work(500);  // counts: is_killed
}

TEST(Ends, Passes) {
  request(1);
  EXPECT_EQ(passes(), 3);
}

TEST(Ends, Fails) {
  request(1);
  EXPECT_EQ(fails(), 4);
}

TEST(Ends, Crashes) {
  request(3);
  volatile int* nowhere = nullptr;
  const int sum = crashes();
  *nowhere = sum;
}

TEST(Ends, Aborts) {
  request(2);
  aborts();
  std::abort();
}

TEST(Ends, ThrowsInAThread) {
  throws();
  std::thread([] { throw std::runtime_error("nobody catches this"); }).join();
}

TEST(Ends, LeavesAtOnce) {
  leaves();
  ::_exit(0);
}

// The child has a copy of this process, and goes on here; both are counted, and nothing twice.
TEST(Deaths, Fast) {
  GTEST_FLAG_SET(death_test_style, "fast");
  before_fast();
  EXPECT_DEATH(
      {
        in_fast();
        std::abort();
      },
      "");
  after_fast();
}

// The child is this program from its beginning, so that it comes to the line before as well.
TEST(Deaths, ThreadSafe) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  before_safe();
  EXPECT_DEATH(
      {
        in_safe();
        std::abort();
      },
      "");
  after_safe();
}

TEST(Deaths, Exits) {
  EXPECT_EXIT(
      {
        exits();
        std::exit(3);
      },
      testing::ExitedWithCode(3), "");
  EXPECT_EXIT(
      {
        exits_at_once();
        ::_exit(4);
      },
      testing::ExitedWithCode(4), "");
  EXPECT_EXIT(
      {
        is_killed();
        ::kill(::getpid(), SIGKILL);
      },
      testing::KilledBySignal(SIGKILL), "");
}

}  // namespace

#include "os/activity.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/deadline.h"

namespace gentle {
namespace {

// Pauses until it gets SIGTERM; SIGUSR1 only wakes it.
[[noreturn]] void pause_for_ever() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  ::sigaction(SIGUSR1, &action, nullptr);
  for (;;) ::pause();
}

template <typename Condition>
bool comes_true(Condition condition) {
  const TimePoint deadline = Clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (Clock::now() > deadline) return false;
    ::usleep(1000);
  }
  return true;
}

class ActivityTest : public ::testing::Test {
 protected:
  ActivityTest() {
    int pipe[2];
    EXPECT_EQ(::pipe(pipe), 0);
    parent_ = ::fork();
    if (parent_ == 0) {
      const pid_t child = ::fork();
      if (child == 0) pause_for_ever();
      if (::write(pipe[1], &child, sizeof child) < 0) ::_exit(1);
      ::waitpid(child, nullptr, 0);
      pause_for_ever();
    }
    EXPECT_EQ(::read(pipe[0], &child_, sizeof child_), static_cast<ssize_t>(sizeof child_));
    ::close(pipe[0]);
    ::close(pipe[1]);
  }
  ~ActivityTest() override {
    ::kill(child_, SIGKILL);
    ::kill(parent_, SIGKILL);
    ::waitpid(parent_, nullptr, 0);
  }

  pid_t parent_ = 0;
  pid_t child_ = 0;
};

TEST_F(ActivityTest, WhoSleepsHasDoneNothing) {
  ASSERT_TRUE(comes_true([&] { return sleeps_of(child_).has_value(); }));
  const auto before = sleeps_of(child_);
  EXPECT_EQ(sleeps_of(child_), before);
  ::kill(child_, SIGUSR1);  // at once it counts as awake: it runs, is about to, or has slept again
  EXPECT_NE(sleeps_of(child_), before);
  EXPECT_FALSE(sleeps_of(::getpid()));  // we run
  EXPECT_FALSE(sleeps_of(1 << 30));
}

TEST_F(ActivityTest, WhoOnlyWaitsForChildren) {
  EXPECT_TRUE(comes_true([&] { return only_waits_for_children(parent_); }));
  EXPECT_FALSE(only_waits_for_children(child_));
  EXPECT_FALSE(only_waits_for_children(::getpid()));
  ::kill(child_, SIGKILL);
  EXPECT_TRUE(comes_true([&] { return !only_waits_for_children(parent_); }));
}

}  // namespace
}  // namespace gentle

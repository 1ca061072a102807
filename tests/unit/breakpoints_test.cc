#include "os/breakpoints.h"

#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <optional>

#include "os/processor.h"

namespace gentle {
namespace {

// Whoever calls it cannot know its result before.
__attribute__((noinline)) int answer(int asked) {
  static volatile int number = 0;
  number = asked;
  return number;
}

std::uint64_t address_of_answer() { return reinterpret_cast<std::uint64_t>(&answer); }

CodePlace place_of_answer() {
  CodePlace place{address_of_answer(), 0};
  std::memcpy(&place.code, reinterpret_cast<const void*>(&answer), sizeof place.code);
  return place;
}

// A child that stops, and then exits with the answer, twice.
class BreakpointsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!kRescuesCounters) GTEST_SKIP() << "not on this processor";
    child_ = ::fork();
    if (child_ == 0) {
      ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
      ::raise(SIGSTOP);
      const int first = answer(42);
      ::_exit(first + answer(42));
    }
    if (!stops_by(SIGSTOP)) GTEST_SKIP() << "ptrace is forbidden here";
  }

  void TearDown() override {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, __WALL);
  }

  bool stops_by(int signal) {
    return ::waitpid(child_, &status_, __WALL) == child_ && WIFSTOPPED(status_) &&
           WSTOPSIG(status_) == signal;
  }

  void go_on(int signal = 0) {
    ::ptrace(PTRACE_CONT, child_, nullptr, reinterpret_cast<void*>(std::intptr_t{signal}));
  }

  std::optional<int> exit_status() {
    ::waitpid(child_, &status_, __WALL);
    if (!WIFEXITED(status_)) return std::nullopt;
    child_ = 0;
    return WEXITSTATUS(status_);
  }

  int child_ = 0;
  int status_ = 0;
  Breakpoints breakpoints_;
};

TEST_F(BreakpointsTest, AFunctionThatIsLeftReturnsZero) {
  breakpoints_.set(child_, {place_of_answer()});
  for (int call = 0; call < 2; ++call) {
    go_on();
    ASSERT_TRUE(stops_by(SIGTRAP));
    const auto called = breakpoint_of(child_);
    ASSERT_TRUE(called);
    EXPECT_EQ(called->address, address_of_answer());
    EXPECT_EQ(called->argument, 42U);
    leave_function(child_);
  }
  go_on();
  EXPECT_EQ(exit_status(), 0);
}

TEST_F(BreakpointsTest, OneThatIsRemovedRunsFromThere) {
  breakpoints_.set(child_, {place_of_answer()});
  EXPECT_TRUE(breakpoints_.has(address_of_answer()));
  EXPECT_FALSE(breakpoints_.has(address_of_answer() + 1));
  go_on();
  ASSERT_TRUE(stops_by(SIGTRAP));
  breakpoints_.remove(child_, address_of_answer());
  execute_at(child_, address_of_answer());
  go_on();
  EXPECT_EQ(exit_status(), 84);
}

TEST_F(BreakpointsTest, WithoutAnyTheCodeIsAsItWas) {
  breakpoints_.set(child_, {place_of_answer()});
  breakpoints_.remove_all(child_);
  go_on();
  EXPECT_EQ(exit_status(), 84);
}

TEST_F(BreakpointsTest, OneThatIsNotNamedAgainStays) {
  breakpoints_.set(child_, {place_of_answer()});
  breakpoints_.set(child_, {});
  EXPECT_TRUE(breakpoints_.has(address_of_answer()));
  breakpoints_.remove_all(child_);
  breakpoints_.set(child_, {});
  EXPECT_FALSE(breakpoints_.has(address_of_answer())) << "it is there no more";
  go_on();
  EXPECT_EQ(exit_status(), 84);
}

TEST_F(BreakpointsTest, OtherCodeIsLeftAlone) {
  breakpoints_.set(child_, {{address_of_answer(), place_of_answer().code + 1}});
  go_on();
  EXPECT_EQ(exit_status(), 84);
}

TEST_F(BreakpointsTest, ASignalOfSomebodyIsNone) {
  ::kill(child_, SIGTRAP);
  go_on();
  ASSERT_TRUE(stops_by(SIGTRAP));
  EXPECT_FALSE(breakpoint_of(child_));
}

}  // namespace
}  // namespace gentle

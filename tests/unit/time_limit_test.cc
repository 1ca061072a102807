#include "cli/time_limit.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "os/spawn.h"

namespace gentle {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(TimeLimit, IsShortlyBeforeThatOfCtest) {
  const auto strikes_after = [](Duration timeout, Duration expected) {
    const TimePoint before = Clock::now();
    const TimePoint strikes = TimeLimit(timeout).next_event();
    return before + expected <= strikes && strikes <= Clock::now() + expected;
  };
  EXPECT_TRUE(strikes_after(seconds(1500), seconds(1495)));
  EXPECT_TRUE(strikes_after(seconds(20), seconds(18)));
  EXPECT_TRUE(strikes_after(seconds(3), milliseconds(2500)));
  EXPECT_TRUE(strikes_after(milliseconds(200), milliseconds(100)));
}

TEST(TimeLimit, ThereMayBeNone) {
  for (const Duration timeout : {Duration{}, Duration{seconds(-1)}}) {
    TimeLimit limit(timeout);
    EXPECT_EQ(limit.next_event(), kNever);
    limit.look(::getpid(), false);
    EXPECT_FALSE(limit.has_struck());
  }
}

TEST(TimeLimit, InWords) {
  EXPECT_EQ(TimeLimit(seconds(5)).text(),
            "not over after 4.5 s, shortly before its TIMEOUT of 5 s");
  EXPECT_EQ(TimeLimit(seconds(1)).text(),
            "not over after 500 ms, shortly before its TIMEOUT of 1 s");
}

class Sleeper {
 public:
  // SIGINT may come before the child has done anything.
  explicit Sleeper(const std::string& prepare = "") {
    ::signal(SIGINT, prepare == "ignores" ? SIG_IGN : SIG_DFL);
    pid_ = ::fork();
    while (pid_ == 0) ::pause();
    ::signal(SIGINT, SIG_DFL);
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  int pid() const { return pid_; }
  EndStatus end() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return end_status_from_wait(status);
  }

 private:
  int pid_ = 0;
};

// Looks whenever it asks to.
void look_until(TimeLimit& limit, int pid, bool (*done)(const TimeLimit&)) {
  while (!done(limit)) limit.look(pid, false);
}

TEST(TimeLimit, EndsGently) {
  Sleeper test;
  ::kill(test.pid(), SIGSTOP);
  TimeLimit limit(milliseconds(20));
  limit.look(test.pid(), false);
  look_until(limit, test.pid(), [](const TimeLimit& seen) { return seen.has_struck(); });
  EXPECT_EQ(test.end(), (EndStatus{true, SIGINT})) << "even if it is stopped";
}

TEST(TimeLimit, ThenKillsAllThatItHasStarted) {
  Sleeper test("ignores");
  Sleeper child("ignores");
  TimeLimit limit(milliseconds(20));
  look_until(limit, test.pid(), [](const TimeLimit& seen) { return seen.next_event() == kNever; });
  EXPECT_EQ(test.end(), (EndStatus{true, SIGKILL}));
  EXPECT_EQ(child.end(), (EndStatus{true, SIGKILL}));
}

TEST(TimeLimit, LeavesATestAloneThatIsOver) {
  Sleeper stranger;
  TimeLimit limit(milliseconds(2));
  while (Clock::now() < limit.next_event()) {
  }
  limit.look(stranger.pid(), true);
  EXPECT_FALSE(limit.has_struck());
  EXPECT_EQ(::waitpid(stranger.pid(), nullptr, WNOHANG), 0);
}

}  // namespace
}  // namespace gentle

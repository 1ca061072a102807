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

TimeLimit limit_of(Duration timeout) {
  CtestTest test;
  test.timeout = timeout;
  return {test, std::nullopt};
}

TEST(TimeLimit, IsShortlyBeforeThatOfCtest) {
  const auto strikes_after = [](Duration timeout, Duration expected) {
    const TimePoint before = Clock::now();
    const TimePoint strikes = limit_of(timeout).next_event();
    return before + expected <= strikes && strikes <= Clock::now() + expected;
  };
  EXPECT_TRUE(strikes_after(seconds(1500), seconds(1495)));
  EXPECT_TRUE(strikes_after(seconds(20), seconds(18)));
  EXPECT_TRUE(strikes_after(seconds(3), milliseconds(2500)));
  EXPECT_TRUE(strikes_after(milliseconds(200), milliseconds(100)));
}

TEST(TimeLimit, ThereMayBeNone) {
  for (const Duration timeout : {Duration{}, Duration{seconds(-1)}}) {
    TimeLimit limit = limit_of(timeout);
    EXPECT_EQ(limit.next_event(), kNever);
    limit.look(::getpid(), false);
    EXPECT_FALSE(limit.has_struck());
  }
}

TEST(TimeLimit, InWords) {
  EXPECT_EQ(limit_of(seconds(5)).text(), "not over after 4.5 s, shortly before its TIMEOUT of 5 s");
  EXPECT_EQ(limit_of(seconds(1)).text(),
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
  TimeLimit limit = limit_of(milliseconds(20));
  limit.look(test.pid(), false);
  look_until(limit, test.pid(), [](const TimeLimit& seen) { return seen.has_struck(); });
  EXPECT_EQ(test.end(), (EndStatus{true, SIGINT})) << "even if it is stopped";
}

TEST(TimeLimit, ThenKillsAllThatItHasStarted) {
  Sleeper test("ignores");
  Sleeper child("ignores");
  TimeLimit limit = limit_of(milliseconds(20));
  look_until(limit, test.pid(), [](const TimeLimit& seen) { return seen.next_event() == kNever; });
  EXPECT_EQ(test.end(), (EndStatus{true, SIGKILL}));
  EXPECT_EQ(child.end(), (EndStatus{true, SIGKILL}));
}

TEST(TimeLimit, LeavesATestAloneThatIsOver) {
  Sleeper stranger;
  TimeLimit limit = limit_of(milliseconds(2));
  while (Clock::now() < limit.next_event()) {
  }
  limit.look(stranger.pid(), true);
  EXPECT_FALSE(limit.has_struck());
  EXPECT_EQ(::waitpid(stranger.pid(), nullptr, WNOHANG), 0);
}

// Whether the first event is that of a time-out of so many seconds.
bool is_limit(const TimeLimit& limit, int timeout) {
  const Duration left = limit.next_event() - Clock::now();
  return left < seconds(timeout) && left > seconds(timeout) * 8 / 10;
}

TEST(TimeLimit, IsTheOneThatCtestTakes) {
  CtestTest test;
  EXPECT_EQ(TimeLimit(test, std::nullopt).next_event(), kNever);
  test.default_timeout = seconds(1500);
  EXPECT_TRUE(is_limit({test, std::nullopt}, 1500));
  EXPECT_TRUE(is_limit({test, seconds(100)}, 100));
  test.timeout = seconds(10);
  EXPECT_TRUE(is_limit({test, seconds(100)}, 10));
  test.timeout = Duration{};
  EXPECT_EQ(TimeLimit(test, seconds(100)).next_event(), kNever);
  test.timeout = seconds(10);
  test.timeout_moves = true;
  EXPECT_EQ(TimeLimit(test, seconds(100)).next_event(), kNever);
}

TEST(TimeLimit, SendsTheSignalOfTheTest) {
  Sleeper test;
  CtestTest known;
  known.timeout = milliseconds(20);
  known.timeout_signal = SIGUSR2;
  TimeLimit limit(known, std::nullopt);
  look_until(limit, test.pid(), [](const TimeLimit& seen) { return seen.has_struck(); });
  EXPECT_EQ(test.end(), (EndStatus{true, SIGUSR2}));
}

TEST(TimeLimit, LeavesTheSignalToACtestThatSendsIt) {
  CtestTest known;
  known.timeout = milliseconds(400);  // less than ctest may be early
  known.timeout_signal = SIGUSR2;
  known.grace_period = seconds(10);
  known.ctest_sends_signal = true;
  TimeLimit limit(known, std::nullopt);
  EXPECT_EQ(limit.next_event(), kNever);
  limit.signal_came(SIGUSR1);
  EXPECT_FALSE(limit.has_struck());
  limit.signal_came(SIGUSR2);
  EXPECT_TRUE(limit.has_struck());
  EXPECT_TRUE(is_limit(limit, 10));
  EXPECT_EQ(limit.text(), "not over after its TIMEOUT of 400 ms, when CTest sent SIGUSR2");
  limit.wait_for_ctest();  // does not wait: it has struck

  known.timeout = seconds(100);
  TimeLimit early(known, std::nullopt);
  early.signal_came(SIGUSR2);
  EXPECT_FALSE(early.has_struck());
}

}  // namespace
}  // namespace gentle

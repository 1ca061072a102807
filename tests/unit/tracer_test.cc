#include "os/tracer.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <vector>

#include "base/error.h"
#include "os/file.h"
#include "os/process.h"
#include "os/spawn.h"

namespace gentle {
namespace {

struct Followed {
  int main = 0;
  int main_status = 0;
  std::vector<std::string> executed;  // what each became
  std::vector<int> exits;             // pids that were about to end, while they still were there
  std::vector<int> ends;              // pids that have ended, in this order
};

class TracerTest : public testing::Test {
 protected:
  // Runs a shell script below the tracer, to the end of all that it started. Whatever it becomes
  // whose name is `released` is let go.
  Followed follow(const std::string& script, const std::string& released = "") {
    Followed seen;
    Tracer tracer({[&](int pid) {
                     const std::string name = process_stat(pid)->name;
                     seen.executed.push_back(name);
                     return name != released;
                   },
                   [&](int pid) {
                     EXPECT_NE(command_line(pid), "") << "its memory is gone";
                     seen.exits.push_back(pid);
                   }});
    SpawnOptions options;
    options.command = {"/bin/sh", "-c", script};
    options.environment.set("PATH", ::getenv("PATH"));
    options.before_exec = [&](int pid) { refused_ = tracer.follow(pid); };
    seen.main = spawn(options);
    for (int status = 0;;) {
      const pid_t id = ::waitpid(-1, &status, __WALL);
      if (id < 0) break;
      if (tracer.handle(id, status)) continue;
      seen.ends.push_back(id);
      if (id == seen.main) seen.main_status = status;
    }
    return seen;
  }

  void SetUp() override {
    follow("true");
    if (!refused_.empty()) GTEST_SKIP() << refused_;
  }

  std::string refused_;
};

TEST_F(TracerTest, TellsOfAnOrdinaryEnd) {
  const Followed seen = follow("exit 3");
  EXPECT_EQ(seen.executed, std::vector<std::string>{"sh"});
  EXPECT_EQ(seen.exits, std::vector<int>{seen.main});
  EXPECT_EQ(seen.ends, std::vector<int>{seen.main});
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{false, 3}));
}

TEST_F(TracerTest, TellsOfADeathByAnySignal) {
  for (const int signal : {SIGKILL, SIGTERM, SIGSEGV, SIGABRT, SIGINT, SIGPIPE}) {
    const Followed seen = follow("kill -" + std::to_string(signal) + " $$");
    EXPECT_EQ(seen.exits, std::vector<int>{seen.main}) << signal;
    EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{true, signal}));
  }
}

TEST_F(TracerTest, FollowsForksAndPrograms) {
  const Followed seen = follow("(exec env true); true & wait; exec env false");
  EXPECT_EQ(seen.exits.size(), 3U);
  EXPECT_EQ(std::count(seen.executed.begin(), seen.executed.end(), "env"), 2);
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{false, 1}));
}

TEST_F(TracerTest, FollowsADaemon) {
  const Followed seen = follow("(setsid sh -c 'kill -9 $$' &) ; exit 0");
  EXPECT_GE(seen.exits.size(), 2U);
}

TEST_F(TracerTest, LetsGo) {
  const Followed seen = follow("sh -c 'env true; true'; env true; kill -9 $$", "env");
  // The two that became env are not told of; their parents are.
  EXPECT_EQ(seen.exits.size(), 2U);
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{true, SIGKILL}));
}

TEST_F(TracerTest, SignalsArrive) {
  const Followed seen =
      follow("trap 'exit 5' USR1; trap '' HUP; kill -HUP $$; kill -USR1 $$; exit 1");
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{false, 5}));
}

TEST_F(TracerTest, WhatIsStoppedStaysSoUntilItIsContinued) {
  // The shell sees its child stop, as job control tells, and lets it go on to its end.
  const Followed seen = follow(
      "sh -c 'kill -STOP $$; exit 7' & child=$!;"
      "while ! grep -q '^State:.[Tt]' /proc/$child/status; do :; done;"
      "kill -CONT $child; wait $child");
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{false, 7}));
}

TEST_F(TracerTest, AProgramThatIsNotThere) {
  Tracer tracer({[](int) { return true; }, [](int) {}});
  SpawnOptions options;
  options.command = {"/nowhere/at-all"};
  options.before_exec = [&](int pid) { tracer.follow(pid); };
  EXPECT_THROW(spawn(options), Error);
  EXPECT_EQ(::waitpid(-1, nullptr, __WALL | WNOHANG), -1) << "something is left";
}

}  // namespace
}  // namespace gentle

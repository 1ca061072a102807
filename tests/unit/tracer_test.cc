#include "os/tracer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <vector>

#include "base/error.h"
#include "os/file.h"
#include "os/process.h"
#include "os/spawn.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

struct Followed {
  int main = 0;
  int main_status = 0;
  int stops = 0;                      // by SIGSTOP
  int known_stopped = 0;              // how often that was known afterwards
  std::vector<int> forks;             // pids that began with a copy of their parent's memory
  std::vector<std::string> executed;  // what each became
  int shared = 0;                     // how many of these had another one's memory before
  int ended_last = 0;                 // how many had been told to be about to end
  std::vector<int> exits;             // pids that were about to end, while they still were there
  std::vector<int> ends;              // pids that have ended, in this order
};

CallFate no_calls(const Tracer::Call&) { return CallFate::kRuns; }

class TracerTest : public ScratchFolderTest {
 protected:
  // Runs a shell script below the tracer, to the end of all that it started. Whatever it becomes
  // whose name is `released` is let go.
  Followed follow(const std::string& script, const std::string& released = "") {
    Followed seen;
    Tracer* asked = nullptr;
    Tracer tracer({[&](int pid, int) { seen.forks.push_back(pid); },
                   [&](int pid, const Tracer::Exec& exec) {
                     seen.shared += exec.shared_memory ? 1 : 0;
                     seen.ended_last += exec.ended_last ? 1 : 0;
                     const std::string name = process_stat(pid)->name;
                     seen.executed.push_back(name);
                     if (asks_second_thread_) asked->ask_second_thread(pid);
                     return name != released;
                   },
                   [](int, int) {}, no_calls, [](int) {},
                   [&](int pid, int thread) {
                     EXPECT_NE(command_line(thread), "") << "its memory is gone";
                     seen.exits.push_back(pid);
                   }});
    asked = &tracer;
    SpawnOptions options;
    options.command = {"/bin/sh", "-c", script};
    options.environment.set("PATH", ::getenv("PATH"));
    options.before_exec = [&](int pid) { return (refused_ = tracer.follow(pid)).empty(); };
    seen.main = spawn(options);
    for (int status = 0;;) {
      const pid_t id = ::waitpid(-1, &status, __WALL);
      if (id < 0) break;
      const bool is_ours = tracer.handle(id, status);
      seen.known_stopped += tracer.is_stopped(id) ? 1 : 0;
      if (is_ours && WSTOPSIG(status) == SIGSTOP && status >> 16 == PTRACE_EVENT_STOP) {
        ++seen.stops;  // it would wait for ever
        ::kill(id, SIGCONT);
      }
      if (is_ours) continue;
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
  bool asks_second_thread_ = false;  // of whatever is executed
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

TEST_F(TracerTest, ForksAreToldBeforeTheyRun) {
  const Followed seen = follow("( : ); ( : & wait ); exit 0");
  EXPECT_EQ(seen.forks.size(), 3U);
  EXPECT_EQ(seen.exits.size(), 4U);
  EXPECT_EQ(seen.shared, 0);
}

// What vfork starts has its parent's memory until it executes a program: neither told as a fork nor
// at an end before that.
TEST_F(TracerTest, WhatSharesMemory) {
  Followed seen = follow("exec '" GENTLE_VFORKS "' /bin/sh -c 'exit 4'");
  EXPECT_EQ(seen.forks.size(), 0U);
  EXPECT_EQ(seen.shared, 1);
  EXPECT_EQ(seen.exits.size(), 2U);
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{false, 4}));
  seen = follow("exec '" GENTLE_VFORKS "' /nowhere/at-all");
  EXPECT_EQ(seen.exits, std::vector<int>{seen.main});
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{false, 127}));
}

// Its next stop is its last one, which must not be taken for the one that it was killed in.
TEST_F(TracerTest, KilledWhileItStandsStill) {
  int exits = 0;
  const auto kill_here = [](int pid, const Tracer::Exec&) {
    ::kill(pid, SIGKILL);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WNOWAIT | __WALL);
    return true;
  };
  Tracer tracer({[](int, int) {}, kill_here, [](int, int) {}, no_calls, [](int) {},
                 [&](int, int) { ++exits; }});
  SpawnOptions options;
  options.command = {"/bin/true"};
  options.before_exec = [&](int pid) { return tracer.follow(pid).empty(); };
  spawn(options);
  int status = 0;
  for (int id = 0; id == 0 || tracer.handle(id, status);) id = ::waitpid(-1, &status, __WALL);
  EXPECT_EQ(exits, 1);
  EXPECT_EQ(end_status_from_wait(status), (EndStatus{true, SIGKILL}));
}

TEST_F(TracerTest, KilledBeforeItIsFollowed) {
  Tracer tracer({[](int, int) {}, [](int, const Tracer::Exec&) { return true; }, [](int, int) {},
                 no_calls, [](int) {}, [](int, int) {}});
  SpawnOptions options;
  options.command = {"/bin/true"};
  options.before_exec = [&](int pid) {
    ::kill(pid, SIGKILL);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
    EXPECT_EQ(tracer.follow(pid), "");
    return true;
  };
  const int pid = spawn(options);
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_FALSE(tracer.handle(pid, status));
}

// What a process leaves is known when the last of its threads ends, whenever that was started.
TEST_F(TracerTest, TheFirstThreadIsNotTheLast) {
  const Followed seen = follow("exec '" GENTLE_HANDS_OVER "'");
  EXPECT_EQ(seen.exits, std::vector<int>(3, seen.main));
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{true, SIGKILL}));
}

// The thread takes the place of the first one, but not what the tracer has asked that one for.
TEST_F(TracerTest, AnotherThreadExecutesAProgram) {
  const Followed seen = follow("exec '" GENTLE_EXECUTES_IN_THREAD "' /bin/sh -c 'kill -9 $$'");
  EXPECT_EQ(seen.executed.size(), 3U);
  EXPECT_EQ(seen.exits, std::vector<int>(2, seen.main));
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{true, SIGKILL}));
}

// Its memory can be read at the end of its second thread, although the first one executes the
// program.
TEST_F(TracerTest, TheFirstThreadExecutesAProgram) {
  asks_second_thread_ = true;
  const Followed seen = follow("exec '" GENTLE_EXECUTES_BESIDE_THREAD "' /bin/sh -c 'kill -9 $$'");
  EXPECT_EQ(seen.executed.size(), 3U);
  EXPECT_EQ(seen.ended_last, 1);
  EXPECT_EQ(seen.exits, std::vector<int>(2, seen.main));
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{true, SIGKILL}));
}

TEST_F(TracerTest, LetsAllGo) {
  int exits = 0;
  Tracer tracer({[](int, int) {}, [](int, const Tracer::Exec&) { return true; }, [](int, int) {},
                 no_calls, [](int) {}, [&](int, int) { ++exits; }});
  SpawnOptions options;
  // Ends when its standard input does.
  options.command = {"/bin/sh", "-c", "cat <&0 & wait; exit 6"};
  options.environment.set("PATH", ::getenv("PATH"));
  int gate[2];
  ASSERT_EQ(::pipe2(gate, O_CLOEXEC), 0);
  options.stdin_fd = gate[0];
  options.before_exec = [&](int pid) { return tracer.follow(pid).empty(); };
  const int child = spawn(options);
  ::close(gate[0]);
  tracer.let_all_go();
  int status = 0;
  while (tracer.follows_any()) {
    const pid_t id = ::waitpid(-1, &status, __WALL);
    ASSERT_GT(id, 0);
    ASSERT_TRUE(tracer.handle(id, status));
  }
  EXPECT_EQ(tracer_of(child), std::nullopt);
  ::close(gate[1]);
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(end_status_from_wait(status), (EndStatus{false, 6}));
  EXPECT_EQ(exits, 0);
}

// What a process returns from a call that it is let go in. It gets a byte in the end if it waits
// without a limit, and the signal before that.
int let_go_in(const std::function<int(int pipe)>& call, bool has_limit, int signal = 0) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(call(ends[0]));
  Tracer tracer({[](int, int) {}, [](int, const Tracer::Exec&) { return true; }, [](int, int) {},
                 no_calls, [](int) {}, [](int, int) {}});
  EXPECT_EQ(tracer.follow_running(child), "");
  int status = 0;
  const auto wait_until_it_blocks = [&] {
    while (process_stat(child)->state != 'S') {
      if (::waitpid(child, &status, WNOHANG | __WALL) > 0) tracer.handle(child, status);
    }
  };
  wait_until_it_blocks();
  if (signal != 0) {
    ::kill(child, signal);
    ::waitpid(child, &status, __WALL);
    tracer.handle(child, status);
    wait_until_it_blocks();
  }
  tracer.let_all_go();
  while (tracer.follows_any() && ::waitpid(child, &status, __WALL) > 0) {
    tracer.handle(child, status);
  }
  EXPECT_EQ(tracer_of(child), std::nullopt);
  while (!has_limit && process_stat(child)->state == 'R') {
  }
  if (!has_limit && ::write(ends[1], "xx", 2) != 2) return -1;
  ::waitpid(child, &status, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  return WEXITSTATUS(status);
}

int wait_in_epoll(int pipe, int limit) {
  const int epoll = ::epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, pipe, &event);
  const int result = ::epoll_wait(epoll, &event, 1, limit);
  return result < 0 ? 100 + errno : result;
}

int receive(int) {
  int ends[2];
  ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  const timeval limit{0, 200'000};
  ::setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  char byte = 0;
  return ::recv(ends[0], &byte, 1, 0) < 0 ? 100 + errno : 0;
}

TEST_F(TracerTest, LetsGoInACall) {
  if (!InterruptedCall::kIsSupported) GTEST_SKIP() << "not on this architecture";
  const auto wait = [](int pipe) { return wait_in_epoll(pipe, -1); };
  const auto wait_with_limit = [](int pipe) { return wait_in_epoll(pipe, 200); };
  for (const int signal : {0, SIGCHLD}) {
    EXPECT_EQ(let_go_in(wait, false, signal), 1) << signal;
    EXPECT_EQ(let_go_in(wait_with_limit, true, signal), 0) << signal;
    EXPECT_EQ(let_go_in(receive, true, signal), 100 + EAGAIN) << signal;
  }
}

TEST_F(TracerTest, WhoeverIsTracedAlreadyIsNamed) {
  Tracer tracer({[](int, int) {}, [](int, const Tracer::Exec&) { return true; }, [](int, int) {},
                 no_calls, [](int) {}, [](int, int) {}});
  SpawnOptions options;
  options.command = {"/bin/true"};
  std::string refused;
  options.before_exec = [&](int pid) {
    const pid_t other = ::fork();
    if (other == 0) {
      const bool traces = ::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) == 0;
      ::kill(::getpid(), traces ? SIGSTOP : SIGKILL);
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(other, &status, WUNTRACED);
    EXPECT_TRUE(WIFSTOPPED(status));
    refused = tracer.follow(pid);
    EXPECT_EQ(refused, "it is traced by pid " + std::to_string(other) + " (" + command_line(other) +
                           ") already");
    ::kill(other, SIGKILL);
    ::waitpid(other, nullptr, 0);
    return refused.empty();
  };
  const int child = spawn(options);
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
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

TEST_F(TracerTest, AFaultEndsTheFirstProcessOfAPidNamespace) {
  if (::system("unshare --pid --fork true 2>/dev/null") != 0) GTEST_SKIP() << "none can be made";
  const Followed seen =
      follow("unshare --pid --fork python3 -c 'import ctypes; ctypes.string_at(0)'; exit 3");
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{false, 3})) << "and not never";
}

// The kernel drops a signal that is ignored, but not one of what is traced.
TEST_F(TracerTest, InterruptsNoCall) {
  if (!InterruptedCall::kIsSupported) GTEST_SKIP() << "not on this architecture";
  const std::string output = " > '" + root_ + "/";
  const std::string calls = "'" GENTLE_INTERRUPTED_CALLS "'";
  ASSERT_EQ(std::system((calls + output + "untraced'").c_str()), 0);
  const Followed seen = follow("exec " + calls + output + "traced'");
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{false, 0}));
  const std::string untraced = read_file(root_ + "/untraced");
  EXPECT_GT(std::count(untraced.begin(), untraced.end(), '\n'), 40);
  EXPECT_EQ(read_file(root_ + "/traced"), untraced);
}

TEST_F(TracerTest, WhatIsStoppedStaysSoUntilItIsContinued) {
  const Followed seen = follow("kill -STOP $$; exit 7");
  EXPECT_EQ(seen.stops, 1);
  EXPECT_EQ(seen.known_stopped, 2) << "when it is handed on, and when it has come";
  EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{false, 7}));
}

TEST_F(TracerTest, AStopThatIsHandledOrIgnoredIsNone) {
  for (const std::string todo : {":", ""}) {
    const Followed seen = follow("trap '" + todo + "' TSTP; kill -TSTP $$; exit 7");
    EXPECT_EQ(seen.known_stopped, 0) << todo;
    EXPECT_EQ(end_status_from_wait(seen.main_status), (EndStatus{false, 7}));
  }
}

TEST_F(TracerTest, AProgramThatIsNotThere) {
  Tracer tracer({[](int, int) {}, [](int, const Tracer::Exec&) { return true; }, [](int, int) {},
                 no_calls, [](int) {}, [](int, int) {}});
  SpawnOptions options;
  options.command = {"/nowhere/at-all"};
  options.before_exec = [&](int pid) { return tracer.follow(pid).empty(); };
  EXPECT_THROW(spawn(options), Error);
  EXPECT_EQ(::waitpid(-1, nullptr, __WALL | WNOHANG), -1) << "something is left";
}

}  // namespace
}  // namespace gentle

#include "os/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <thread>

#include "base/deadline.h"
#include "os/pidfd.h"
#include "os/spawn.h"

extern char** environ;

namespace gentle {
namespace {

// A process that runs until the test has ended.
class Child {
 public:
  explicit Child(std::vector<std::string> command) {
    SpawnOptions options;
    options.command = std::move(command);
    options.environment = Environment::from(environ);
    options.own_group = true;
    pid_ = spawn(options);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(); }

  int pid() const { return pid_; }
  void end() {
    if (pid_ == 0) return;
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  int pid_ = 0;
};

// A signal waits as long as this lives.
class Blocked {
 public:
  explicit Blocked(int signal) {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, signal);
    ::sigprocmask(SIG_BLOCK, &set, &before_);
  }
  Blocked(const Blocked&) = delete;
  Blocked& operator=(const Blocked&) = delete;
  ~Blocked() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

TEST(Process, Stat) {
  const Child child({"sleep", "1000"});
  const auto stat = process_stat(child.pid());
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->parent, ::getpid());
  EXPECT_EQ(stat->group, child.pid());
  EXPECT_EQ(stat->threads, 1);
  EXPECT_EQ(stat->name, "sleep");
  EXPECT_GT(stat->start_time, 0U);
  EXPECT_FALSE(stat->is_over());
  EXPECT_FALSE(process_stat(1 << 30));
}

// Ours is read from another file than everybody else's: see process_stat().
TEST(Process, StatOfOurselves) {
  const auto stat = process_stat(::getpid());
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->parent, ::getppid());
  EXPECT_EQ(stat->group, ::getpgrp());
  const int reader = ::fork();
  if (reader == 0) ::_exit(is_alive({::getppid(), stat->start_time}) ? 0 : 1);
  int status = -1;
  ASSERT_EQ(::waitpid(reader, &status, 0), reader);
  EXPECT_EQ(status, 0) << "another process reads another start time";
  EXPECT_EQ(emulator(), "") << "unless it runs under qemu-user";
}

TEST(Process, ANameMayHoldAnything) {
  std::thread([] {
    ::prctl(PR_SET_NAME, "a) R 1 (b");
    const auto stat = process_stat(static_cast<int>(::gettid()));
    ASSERT_TRUE(stat);
    EXPECT_EQ(stat->name, "a) R 1 (b");
    EXPECT_EQ(stat->parent, ::getppid());
  }).join();
}

TEST(Process, AliveIsOnlyTheOneThatWasIdentified) {
  Child child({"sleep", "1000"});
  const ProcessId id = identify(child.pid());
  EXPECT_TRUE(is_alive(id));
  EXPECT_FALSE(is_alive({id.pid, id.start_time + 1}));
  EXPECT_FALSE(is_alive({0, 0}));
  child.end();
  EXPECT_FALSE(is_alive(id));
  EXPECT_EQ(identify(id.pid).start_time, 0U);
}

TEST(Process, AZombieIsNotAlive) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
  EXPECT_TRUE(process_stat(pid)->is_over());
  EXPECT_FALSE(is_alive(identify(pid)));
  ::waitpid(pid, nullptr, 0);
}

// Becomes the parent of what is forked by its children, and forgets it when it ends.
class Adopts {
 public:
  Adopts() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::signal(SIGCHLD, SIG_IGN);
  }
  Adopts(const Adopts&) = delete;
  Adopts& operator=(const Adopts&) = delete;
  ~Adopts() {
    ::signal(SIGCHLD, SIG_DFL);
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  }
};

// A copy of this process that has unmapped its environment, and sleeps.
class WithoutEnvironment {
 public:
  WithoutEnvironment() {
    int ready[2];
    if (::pipe2(ready, O_CLOEXEC) != 0) std::abort();
    const auto page = static_cast<std::uintptr_t>(::getpagesize());
    // The strings follow each other, above all of the stack that is used.
    const auto first = reinterpret_cast<std::uintptr_t>(environ[0]) / page * page;
    char** last = environ;
    while (last[1] != nullptr) ++last;
    const auto end = reinterpret_cast<std::uintptr_t>(*last) / page * page + page;
    pid_ = ::fork();
    if (pid_ == 0) {
      ::munmap(reinterpret_cast<void*>(first), end - first);
      ::close(ready[1]);
      for (;;) ::pause();
    }
    ::close(ready[1]);
    char byte = 0;
    EXPECT_EQ(::read(ready[0], &byte, 1), 0);
    ::close(ready[0]);
  }
  WithoutEnvironment(const WithoutEnvironment&) = delete;
  WithoutEnvironment& operator=(const WithoutEnvironment&) = delete;
  ~WithoutEnvironment() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  int pid() const { return pid_; }

 private:
  int pid_;
};

TEST(Process, ThatHasUnmappedItsEnvironmentCostsNobodyASecond) {
  ASSERT_NE(environ[0], nullptr);
  const WithoutEnvironment process;
  ASSERT_EQ(::kill(process.pid(), 0), 0);
  const TimePoint before = Clock::now();
  EXPECT_EQ(variable_value(process.pid(), "PATH"), "");
  EXPECT_LT(Clock::now() - before, std::chrono::milliseconds(500));
}

// By its standard output it learns when to end, and its standard error tells when it has.
class NeverRests {
 public:
  explicit NeverRests(const std::string& name, const std::string& value) {
    if (::pipe2(wanted_, O_CLOEXEC) != 0 || ::pipe2(runs_, O_CLOEXEC) != 0) std::abort();
    SpawnOptions options;
    options.command = {GENTLE_NEVER_RESTS};
    options.environment = Environment::from(environ);
    options.environment.set(name, value);
    options.stdout_fd = wanted_[1];
    options.stderr_fd = runs_[1];
    spawn(options);
    ::close(wanted_[1]);
    ::close(runs_[1]);
  }
  NeverRests(const NeverRests&) = delete;
  NeverRests& operator=(const NeverRests&) = delete;
  ~NeverRests() {
    ::close(wanted_[0]);
    char byte = 0;
    EXPECT_EQ(::read(runs_[0], &byte, 1), 0);
    ::close(runs_[0]);
  }

 private:
  const Adopts adopts_;
  int wanted_[2];
  int runs_[2];
};

TEST(Process, WithAVariableItIsFoundThoughItForksAndExecutes) {
  const std::string value = std::to_string(::getpid());
  const NeverRests process("GENTLE_TEST_RESTS", value);
  int overlooked = 0;
  for (int look = 0; look < 300; ++look) {
    overlooked += processes_with("GENTLE_TEST_RESTS=" + value).empty() ? 1 : 0;
  }
  EXPECT_EQ(overlooked, 0);
}

TEST(Process, WithAVariableItIsFoundThoughItsFirstThreadHasEnded) {
  const std::string value = std::to_string(::getpid());
  ::setenv("GENTLE_TEST_LEADER", value.c_str(), 1);
  const Child child({GENTLE_LEADER_EXITS, "0"});
  ::unsetenv("GENTLE_TEST_LEADER");
  while (process_stat(child.pid())->state != 'Z') ::sched_yield();
  EXPECT_EQ(processes_with("GENTLE_TEST_LEADER=" + value), std::vector<int>{child.pid()});
}

// A process that has just executed its program has its arguments a moment later.
std::string its_command_line(const Child& child) {
  std::string text;
  do {
    text = command_line(child.pid());
  } while (text.starts_with('['));
  return text;
}

TEST(Process, CommandLineForPeople) {
  const Child child({"sleep", "1000"});
  EXPECT_EQ(its_command_line(child), "sleep 1000");
  const Child longer({"sh", "-c", "sleep 1000; : " + std::string(300, 'x')});
  EXPECT_EQ(its_command_line(longer).size(), 203U);
  EXPECT_EQ(command_line(1 << 30), "");
}

TEST(Process, DescendantsParentsFirst) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const pid_t grandchild = ::fork();
    if (grandchild != 0 && ::write(ends[1], &grandchild, sizeof grandchild) < 0) ::_exit(1);
    ::pause();
  }
  pid_t grandchild = 0;
  ASSERT_EQ(::read(ends[0], &grandchild, sizeof grandchild), static_cast<ssize_t>(sizeof child));
  const std::vector<int> children = children_of(::getpid());
  EXPECT_NE(std::find(children.begin(), children.end(), child), children.end());
  const std::vector<int> all = descendants_of(::getpid());
  const auto first = std::find(all.begin(), all.end(), child);
  EXPECT_NE(std::find(first, all.end(), grandchild), all.end());
  EXPECT_EQ(descendants_of(child), std::vector<int>{grandchild});
  EXPECT_EQ(children_by_parent(child), std::vector<int>{grandchild});
  EXPECT_EQ(children_by_parent(grandchild), std::vector<int>{});
  EXPECT_TRUE(descends_from(child, ::getpid()));
  EXPECT_TRUE(descends_from(grandchild, ::getpid()));
  EXPECT_FALSE(descends_from(::getppid(), ::getpid()));
  EXPECT_FALSE(descends_from(::getpid(), ::getpid()));
  EXPECT_FALSE(descends_from(0, ::getpid()));
  ::kill(grandchild, SIGKILL);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Process, SignalFate) {
  ::signal(SIGUSR1, SIG_IGN);
  ::signal(SIGUSR2, [](int) {});
  EXPECT_EQ(signal_fate(::getpid(), SIGUSR1), SignalFate::kIgnored);
  EXPECT_EQ(signal_fate(::getpid(), SIGUSR2), SignalFate::kHandled);
  ::signal(SIGUSR1, SIG_DFL);
  ::signal(SIGUSR2, SIG_DFL);
  EXPECT_EQ(signal_fate(::getpid(), SIGUSR1), SignalFate::kDefault);
  EXPECT_EQ(signal_fate(1 << 30, SIGUSR1), SignalFate::kUnknown);
}

// For whom waits for it by sigwait(3) or signalfd(2).
TEST(Process, ABlockedSignalIsTaken) {
  {
    const Blocked blocked(SIGUSR1);
    EXPECT_EQ(signal_fate(::getpid(), SIGUSR1), SignalFate::kHandled);
    EXPECT_EQ(signal_fate(::getpid(), SIGUSR2), SignalFate::kDefault);
  }
  EXPECT_EQ(signal_fate(::getpid(), SIGUSR1), SignalFate::kDefault);
}

TEST(Process, WhoTracesIt) {
  Child child({"sleep", "1000"});
  EXPECT_EQ(tracer_of(child.pid()), std::nullopt);
  EXPECT_EQ(tracer_of(1 << 30), std::nullopt);
  if (::ptrace(PTRACE_SEIZE, child.pid(), nullptr, nullptr) != 0) GTEST_SKIP() << "no ptrace here";
  EXPECT_EQ(tracer_of(child.pid()), ::getpid());
  EXPECT_FALSE(is_debugged(child.pid()));
  char name[16] = "";
  ::prctl(PR_GET_NAME, name);
  for (const char* debugger : {"gdb", "aarch64-gdb", "gdbserver", "lldb-server-14"}) {
    ::prctl(PR_SET_NAME, debugger);
    EXPECT_TRUE(is_debugged(child.pid())) << debugger;
    EXPECT_FALSE(is_debugged(::getpid())) << debugger;
  }
  ::prctl(PR_SET_NAME, name);
}

TEST(Process, IsStoppedUntilItIsContinued) {
  const Child child({"sleep", "1000"});
  EXPECT_FALSE(may_be_stopped(child.pid()));
  ::kill(child.pid(), SIGSTOP);
  ::waitpid(child.pid(), nullptr, WUNTRACED);
  EXPECT_TRUE(may_be_stopped(child.pid()));
  ::kill(child.pid(), SIGCONT);
  ::waitpid(child.pid(), nullptr, WCONTINUED);
  EXPECT_FALSE(may_be_stopped(child.pid()));
  EXPECT_TRUE(may_be_stopped(1 << 30)) << "nobody can tell";
}

TEST(Process, IsAboutToBeStopped) {
  const Blocked blocked(SIGTSTP);
  EXPECT_FALSE(may_be_stopped(::getpid()));
  ::kill(::getpid(), SIGTSTP);
  EXPECT_TRUE(may_be_stopped(::getpid()));
  ::kill(::getpid(), SIGCONT);
  EXPECT_FALSE(may_be_stopped(::getpid()));
}

TEST(Process, IsStoppedWithoutItsFirstThread) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    std::thread([] { ::pause(); }).detach();
    ::syscall(SYS_exit, 0);
  }
  while (process_stat(pid)->state != 'Z') ::sched_yield();
  EXPECT_FALSE(may_be_stopped(pid));
  ::kill(pid, SIGSTOP);
  ::waitpid(pid, nullptr, WUNTRACED);
  EXPECT_TRUE(may_be_stopped(pid));
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

// Tells which process it is that it has halted, and ends with it.
[[noreturn]] void halt_a_child(int answer) {
  const pid_t pid = ::fork();
  if (pid == 0) ::pause();
  const bool halts =
      ::ptrace(PTRACE_ATTACH, pid, nullptr, nullptr) == 0 && ::waitpid(pid, nullptr, __WALL) == pid;
  const pid_t halted = halts ? pid : 0;
  if (!halts) ::kill(pid, SIGKILL);
  if (::write(answer, &halted, sizeof halted) < 0) ::_exit(1);
  ::waitpid(pid, nullptr, __WALL);
  ::_exit(0);
}

TEST(Process, IsNotStoppedWhereAnotherHaltsIt) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t tracer = ::fork();
  if (tracer == 0) halt_a_child(ends[1]);
  pid_t halted = 0;
  ASSERT_EQ(::read(ends[0], &halted, sizeof halted), static_cast<ssize_t>(sizeof halted));
  EXPECT_FALSE(halted != 0 && may_be_stopped(halted));
  if (halted != 0) ::kill(halted, SIGKILL);
  ::waitpid(tracer, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  if (halted == 0) GTEST_SKIP() << "no ptrace here";
}

TEST(Process, MayBeStoppedWhereWeTraceIt) {
  const Child child({"sleep", "1000"});
  const pid_t pid = child.pid();
  if (::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) != 0) GTEST_SKIP() << "no ptrace here";
  EXPECT_FALSE(may_be_stopped(pid));
  ::kill(pid, SIGSTOP);
  EXPECT_TRUE(may_be_stopped(pid)) << "the signal waits, or we have been told of it";
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, __WALL), pid);
  EXPECT_TRUE(may_be_stopped(pid));
  ASSERT_EQ(::ptrace(PTRACE_CONT, pid, nullptr, SIGSTOP), 0);
  // Not asked in between: that is the gap that process.h names.
  ASSERT_EQ(::waitpid(pid, &status, __WALL), pid);
  ASSERT_EQ(status >> 16, PTRACE_EVENT_STOP);
  ASSERT_EQ(::ptrace(PTRACE_LISTEN, pid, nullptr, nullptr), 0);
  EXPECT_TRUE(may_be_stopped(pid));
}

TEST(Process, TellsItsPidInItsOwnNamespace) {
  EXPECT_EQ(pid_as_it_sees_it(::getpid()), ::getpid());
  const pid_t child =
      static_cast<pid_t>(::syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0L, 0L, 0L, 0L));
  if (child < 0) GTEST_SKIP() << "no pid namespace here";
  if (child == 0) {
    for (;;) ::pause();
  }
  EXPECT_EQ(pid_as_it_sees_it(child), 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(pid_as_it_sees_it(child), child) << "it is gone";
}

TEST(Pidfd, TellsOfTheEnd) {
  Child child({"sleep", "1000"});
  const ProcessId id = identify(child.pid());
  EXPECT_TRUE(open_pidfd(id));
  EXPECT_FALSE(open_pidfd({id.pid, id.start_time + 1}));
  EXPECT_FALSE(wait_until_gone(id, Clock::now()));
  ::kill(child.pid(), SIGKILL);
  EXPECT_TRUE(wait_until_gone(id, Clock::now() + std::chrono::seconds(30)));
  EXPECT_TRUE(wait_until_gone({}, Clock::now()));
}

TEST(Process, DescribesUsers) {
  EXPECT_EQ(describe_user(0), "user root");
  EXPECT_EQ(describe_user(4242424), "user id 4242424");
}

TEST(Process, BootId) {
  EXPECT_EQ(boot_id(), boot_id());
  EXPECT_EQ(boot_id().find('\n'), std::string::npos);
}

}  // namespace
}  // namespace gentle

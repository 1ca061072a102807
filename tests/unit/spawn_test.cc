#include "os/spawn.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/error.h"
#include "base/unique_fd.h"
#include "os/file.h"
#include "os/process.h"
#include "os/signals.h"

extern char** environ;

namespace gentle {
namespace {

// What a shell that was started this way prints, and how it ends.
struct Ran {
  std::string out;
  EndStatus end;
};

Ran run(const std::string& script, SpawnOptions options = {}) {
  const UniqueFd out(::memfd_create("what it prints", MFD_CLOEXEC));
  options.command = {"sh", "-c", script};
  options.stdout_fd = out.get();
  options.environment.set("PATH", ::getenv("PATH"));
  const int pid = spawn(options);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return {read_file("/proc/self/fd/" + std::to_string(out.get())), end_status_from_wait(status)};
}

template <typename Call>
Error error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return {"", "", "no error"};
}

TEST(Spawn, GivesTheEnvironmentAndNothingElse) {
  SpawnOptions options;
  options.environment.set("COLOUR", "light blue");
  EXPECT_EQ(run("echo \"$COLOUR$HOME\"", options).out, "light blue\n");
}

TEST(Spawn, TellsTheEnd) {
  EXPECT_EQ(run("exit 3").end, (EndStatus{false, 3}));
  EXPECT_EQ(run("kill -TERM $$").end, (EndStatus{true, SIGTERM}));
}

TEST(Spawn, SetsSignalsBack) {
  ::signal(SIGINT, SIG_IGN);
  sigset_t blocked;
  sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &blocked, &before);
  EXPECT_EQ(run("kill -INT $$; echo ignored").end, (EndStatus{true, SIGINT}));
  EXPECT_EQ(run("kill -TERM $$; echo blocked").end, (EndStatus{true, SIGTERM}));
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  ::signal(SIGINT, SIG_DFL);
}

TEST(Spawn, ChangesTheFolder) {
  SpawnOptions options;
  options.working_directory = "/usr";
  EXPECT_EQ(run("pwd", options).out, "/usr\n");
  options.working_directory = "/nowhere";
  const Error error = error_of([&] { run("pwd", options); });
  EXPECT_EQ(error.message(),
            "gentle: error: change to folder '/nowhere': No such file or directory\n");
  EXPECT_EQ(error.exit_code(), 125);
}

TEST(Spawn, MakesAGroup) {
  SpawnOptions options;
  options.own_group = true;
  EXPECT_EQ(run("test $$ = $(cut -d' ' -f5 < /proc/$$/stat) && echo leads", options).out,
            "leads\n");
}

TEST(Spawn, ForksACopyApartFromParentAndSession) {
  int to[2];
  int from[2];
  ASSERT_EQ(::pipe2(to, O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(from, O_CLOEXEC), 0);
  ::signal(SIGINT, SIG_IGN);
  const int pid = fork_detached("copy", to[0], from[1]);
  if (pid == 0) {
    char byte = 0;
    const bool good = ::read(STDIN_FILENO, &byte, 1) == 1 && !is_ignored(SIGINT);
    ::_exit(::write(STDERR_FILENO, good ? "good" : "bad!", 4) == 4 ? 0 : 1);
  }
  ::signal(SIGINT, SIG_DFL);
  ::close(from[1]);
  const auto stat = process_stat(pid);
  ASSERT_TRUE(stat);
  EXPECT_NE(stat->parent, ::getpid());
  EXPECT_NE(::getsid(pid), ::getsid(0));
  EXPECT_NE(::getsid(pid), pid);  // a leader could get a terminal by opening one
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "whoever stood between was not waited for";
  EXPECT_EQ(::write(to[1], "x", 1), 1);
  char answer[5] = "";
  EXPECT_EQ(::read(from[0], answer, 4), 4);
  EXPECT_STREQ(answer, "good");
  for (const int fd : {to[0], to[1], from[0]}) ::close(fd);
}

TEST(Spawn, HandsDescriptorsOver) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  SpawnOptions options;
  options.listen_fds = {ends[1], ends[0]};  // each may stand where the other one has to go
  options.listen_names = {"out", "in"};
  const std::string script =
      "echo through >&3; read x <&4; test $LISTEN_PID = $$; echo $? $x $LISTEN_FDS $LISTEN_FDNAMES";
  EXPECT_EQ(run(script, options).out, "0 through 2 out:in\n");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Spawn, DoesNotPassOnWhatWasHandedToUs) {
  SpawnOptions options;
  options.environment.set("LISTEN_FDS", "1");
  options.environment.set("LISTEN_PID", "1");
  EXPECT_EQ(run("echo \"$LISTEN_FDS$LISTEN_PID\"", options).out, "\n");
}

TEST(Spawn, SaysWhatIsWrongWithAProgram) {
  const auto error_for = [](const std::string& program) {
    return error_of([&] {
      SpawnOptions options;
      options.command = {program};
      spawn(options);
    });
  };
  EXPECT_EQ(error_for("/nowhere/x").exit_code(), 127);
  EXPECT_EQ(error_for("no-such-program").cause(), "not found on PATH");
  EXPECT_EQ(error_for("no-such-program").exit_code(), 127);
  EXPECT_EQ(error_for("/etc/passwd").exit_code(), 126);
  EXPECT_EQ(error_for("/usr").cause(), "it is a folder");
}

TEST(Spawn, AChildThatIsFollowedMayEndBeforeItIsAProgram) {
  for (const int signal : {SIGKILL, SIGTERM, SIGSTOP}) {
    bool traces = false;
    SpawnOptions options;
    options.before_exec = [&](int pid) {
      traces = ::ptrace(PTRACE_SEIZE, pid, nullptr, PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT) == 0;
      ::kill(pid, signal);
      if (signal == SIGSTOP) ::kill(pid, SIGCONT);
      return traces;
    };
    options.command = {"true"};
    options.environment.set("PATH", ::getenv("PATH"));
    const int pid = spawn(options);
    if (!traces) GTEST_SKIP() << "no ptrace here";
    int status = 0;
    while (::waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
      ::ptrace(PTRACE_CONT, pid, nullptr, nullptr);
    }
    EXPECT_EQ(end_status_from_wait(status),
              signal == SIGSTOP ? EndStatus{} : (EndStatus{true, signal}));
  }
}

// It stays where it begins until it is a program, which then may run wherever we may.
TEST(Spawn, AShortLivedProgramMayLeaveItsProcessor) {
  bool traces = false;
  SpawnOptions options;
  options.short_lived = true;
  options.before_exec = [&](int pid) {
    traces = ::ptrace(PTRACE_SEIZE, pid, nullptr, PTRACE_O_TRACEEXEC) == 0;
    return traces;
  };
  options.command = {"/bin/true"};
  const int pid = spawn(options);
  cpu_set_t ours;
  cpu_set_t its;
  ASSERT_EQ(::sched_getaffinity(0, sizeof ours, &ours), 0);
  ASSERT_EQ(::sched_getaffinity(pid, sizeof its, &its), 0);
  EXPECT_TRUE(CPU_EQUAL(&ours, &its));
  int status = 0;
  while (::waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
    ::ptrace(PTRACE_CONT, pid, nullptr, nullptr);
  }
  if (!traces) GTEST_SKIP() << "no ptrace here";
}

TEST(SpawnDeathTest, EndsLike) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(end_like({false, 7}), ::testing::ExitedWithCode(7), "");
  EXPECT_EXIT(end_like({true, SIGTERM}), ::testing::KilledBySignal(SIGTERM), "");
  EXPECT_EXIT(end_like({true, SIGKILL}), ::testing::KilledBySignal(SIGKILL), "");
}

}  // namespace
}  // namespace gentle

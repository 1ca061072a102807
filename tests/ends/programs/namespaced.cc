// namespaced <program> <arguments>...
//
// Runs the program in a pid namespace of its own, not as its first process, which would not end by
// a signal at its default. Passes SIGINT and SIGTERM on, and ends as the program does. Not
// instrumented.
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace {

sigset_t passed_on() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGCHLD);
  return set;
}

void expect(bool good, const char* what) {
  if (good) return;
  std::perror(what);
  std::_Exit(96);
}

// How the child has ended.
int status_of(pid_t child) {
  const sigset_t set = passed_on();
  for (;;) {
    int signal = 0;
    int status = 0;
    expect(::sigwait(&set, &signal) == 0, "sigwait");
    if (signal != SIGCHLD) {
      ::kill(child, signal);
    } else if (::waitpid(child, &status, WNOHANG) == child) {
      return status;
    }
  }
}

pid_t fork_with_parent() {
  const pid_t child = ::fork();
  expect(child >= 0, "fork");
  if (child == 0) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return child;
}

// In the first process of the namespace.
[[noreturn]] void run(char** command) {
  const pid_t child = fork_with_parent();
  if (child == 0) {
    const sigset_t set = passed_on();
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
    ::execv(command[0], command);
    expect(false, command[0]);
  }
  const int status = status_of(child);
  std::_Exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

}  // namespace

int main(int, char** arguments) {
  const sigset_t set = passed_on();
  expect(::sigprocmask(SIG_BLOCK, &set, nullptr) == 0, "sigmask");
  expect(::unshare(CLONE_NEWPID) == 0, "unshare");
  const pid_t first = fork_with_parent();
  if (first == 0) run(arguments + 1);
  const int code = WEXITSTATUS(status_of(first));
  if (code < 128) return code;
  std::signal(code - 128, SIG_DFL);
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
  ::raise(code - 128);
  return 95;
}

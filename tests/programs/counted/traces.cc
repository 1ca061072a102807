// traces <port> [handles]: a service that uses ptrace on a child of its own, and says how that
// went; then it listens. Its lines are found as those of serves.cc.
#include <sys/ptrace.h>

#include "../service.h"

namespace {

volatile std::sig_atomic_t ending = 0;

void trace_a_child() {
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(9);
    ::raise(SIGUSR1);
    ::_exit(5);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  const int stopped_by = WIFSTOPPED(status) ? WSTOPSIG(status) : 0;
  ::ptrace(PTRACE_CONT, pid, nullptr, nullptr);
  if (stopped_by != 0) ::waitpid(pid, &status, 0);
  say("stopped by %d, exit status %d\n", stopped_by, WEXITSTATUS(status));  // counts: traced
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 2 && is(argv[2], "handles")) {
    struct sigaction action {};
    action.sa_handler = [](int) { ending = 1; };
    ::sigaction(SIGINT, &action, nullptr);
  }
  // SIGINT comes while this waits, and never between a look at `ending` and the wait.
  sigset_t blocked;
  sigset_t while_waiting;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGINT);
  ::sigprocmask(SIG_BLOCK, &blocked, &while_waiting);
  trace_a_child();
  listen_tcp(std::atoi(argv[1]));
  while (ending == 0) ::sigsuspend(&while_waiting);
  return 0;  // counts: returns
}

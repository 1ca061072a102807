// The least that a tracer of a program and all its children can cost: has the kernel stop them
// where a child begins and ends, which nobody can do without who reads what it leaves, and lets
// them go on at once.
//
//   only_traces <program> [<argument>...]
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

int main(int argc, char** argv) {
  int gate[2];
  if (argc < 2 || ::pipe(gate) != 0) return 2;
  const pid_t program = ::fork();
  if (program == 0) {
    char byte = 0;
    if (::read(gate[0], &byte, 1) == 1) ::execv(argv[1], argv + 1);
    ::_exit(127);
  }
  constexpr long kOptions = PTRACE_O_TRACEFORK | PTRACE_O_TRACEEXIT;
  if (::ptrace(PTRACE_SEIZE, program, nullptr, kOptions) != 0) return 2;
  if (::write(gate[1], "x", 1) != 1) return 2;
  int status = 0;
  for (pid_t task = 0; (task = ::waitpid(-1, &status, __WALL)) > 0;) {
    if (task == program && !WIFSTOPPED(status)) return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    if (!WIFSTOPPED(status)) continue;
    const long signal = (status >> 16) != 0 ? 0 : WSTOPSIG(status);
    ::ptrace(PTRACE_CONT, task, nullptr, signal);
  }
}

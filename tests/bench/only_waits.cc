// The least that a program between a test and whoever starts it can cost: starts the test, waits
// for its end, ends as it does. Linked as gentle is, so that what is above it is gentle's own.
//
//   bench_only_waits <program>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
  pid_t pid = 0;
  int status = 0;
  if (argc < 2 || ::posix_spawn(&pid, argv[1], nullptr, nullptr, argv + 1, environ) != 0)
    return 127;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

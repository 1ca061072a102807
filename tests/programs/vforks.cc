// Starts the command of its arguments by vfork, as posix_spawn and system do, and ends as it ends.
#include <sys/wait.h>
#include <unistd.h>

int main(int, char** argv) {
  const pid_t child = ::vfork();
  if (child == 0) {
    ::execv(argv[1], argv + 1);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

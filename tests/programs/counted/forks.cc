// forks <n>: one child after the other, each with its own way to end.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace {

void child(int number) {
  if (number % 3 == 1) ::raise(SIGKILL);
  if (number % 3 == 2) ::_exit(0);
}

}  // namespace

int main(int, char** argv) {
  const int most = std::atoi(argv[1]);
  for (int number = 0; number < most; ++number) {
    const pid_t pid = ::fork();  // counts: parent
    if (pid == 0) {
      child(number);  // counts: child
      std::exit(0);
    }
    ::waitpid(pid, nullptr, 0);
  }
}

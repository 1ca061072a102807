// forks_once <port>: forks a child that works and exits, and serves until SIGINT.
#include "../service.h"

namespace {

int work(int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) {
    sum += i;  // counts: work
  }
  return sum;
}

}  // namespace

int main(int, char** argv) {
  work(5);  // counts: main
  mask(SIG_BLOCK, SIGINT);
  const pid_t child = ::fork();
  if (child == 0) {
    work(10);  // counts: child
    std::exit(0);
  }
  if (::waitpid(child, nullptr, 0) != child) fail("waitpid");
  listen_tcp(std::atoi(argv[1]));
  sigset_t sigint;
  ::sigemptyset(&sigint);
  ::sigaddset(&sigint, SIGINT);
  int signal = 0;
  return ::sigwait(&sigint, &signal);
}

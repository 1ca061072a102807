// Forks so many children, one after the other, which end at once: by "exit" or by "_exit". With a
// period in microseconds each is forked at the beginning of one, or later if the last one took
// longer. Prints how many microseconds each has taken.
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

int timer_of(long period) {
  const int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  const itimerspec each{{0, period * 1000}, {0, period * 1000}};
  ::timerfd_settime(timer, 0, &each, nullptr);
  return timer;
}

void fork_one(bool runs_exit) {
  const pid_t child = ::fork();
  if (child < 0) std::abort();
  if (child == 0) {
    if (!runs_exit) ::_exit(0);
    std::exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int count = std::atoi(argv[1]);
  const bool runs_exit = std::strcmp(argv[2], "exit") == 0;
  const int timer = argc > 3 ? timer_of(std::atol(argv[3])) : -1;
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    std::uint64_t periods = 0;
    if (timer >= 0 && ::read(timer, &periods, sizeof periods) != sizeof periods) return 1;
    fork_one(runs_exit);
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
  std::printf("%.2f\n", took.count() / count);
}

// works <log> <times> test|service: calls the parts of the library that all three programs of the
// kills share. The log is memory that outlives the process: it tells how far the work has come.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "parts.h"  // kParts, all of them in the order of their numbers; made by kills.py

namespace {

// As kills.py reads it.
struct Log {
  std::atomic<int> pid;
  std::atomic<int> finished;  // rounds
  std::atomic<int> over;      // 1: the next is the end of main, and the runtime writes
};

Log& open_log(const char* path) {
  const int fd = ::open(path, O_RDWR | O_CLOEXEC);
  void* const memory = ::mmap(nullptr, sizeof(Log), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) {
    std::perror(path);
    std::exit(99);
  }
  return *static_cast<Log*>(memory);
}

void serve(const sigset_t& signals) {
  int signal = 0;
  ::sigwait(&signals, &signal);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 99;
  const bool serves = std::strcmp(argv[3], "service") == 0;
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  if (serves) ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  Log& log = open_log(argv[1]);
  log.pid = ::getpid();
  if (serves) std::puts("works");
  std::fflush(stdout);
  const int times = std::atoi(argv[2]);
  for (int round = 0; round < times; ++round) {
    for (const auto& part : kParts) part(round);
    ++log.finished;
  }
  if (serves) serve(signals);
  log.over = 1;
  return 0;
}

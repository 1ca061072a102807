// tells_signals <workers> <gate> [forwards]: logs each SIGINT, SIGTERM and SIGCONT that a process
// of it gets. On the first signal a process waits for the gate, then all end; "forwards": main
// passes SIGINT on.
#include <utility>

#include "service.h"

namespace {

const char* name_of(int signal) {
  if (signal == SIGCONT) return "SIGCONT";
  return signal == SIGINT ? "SIGINT" : "SIGTERM";
}

[[noreturn]] void run(const char* who, const char* gate, const pid_t* workers, int count,
                      bool forwards) {
  sigset_t all;
  ::sigemptyset(&all);
  for (const int signal : {SIGINT, SIGTERM, SIGCONT, SIGUSR1}) ::sigaddset(&all, signal);
  say("%s runs\n", who);
  // A child waits for the gate, so that this process can go on counting signals meanwhile.
  for (bool first = true;;) {
    int signal = 0;
    ::sigwait(&all, &signal);
    if (signal == SIGUSR1) break;
    say("%s got %s\n", who, name_of(signal));
    for (int i = 0; i < count && forwards && signal == SIGINT; ++i) ::kill(workers[i], SIGINT);
    if (!std::exchange(first, false) || count < 0) continue;
    const pid_t main = ::getpid();
    const pid_t waiter = ::fork();
    if (waiter == 0) {
      ::setsid();
      wait_at(gate);
      ::kill(main, SIGUSR1);
      ::_exit(0);
    }
  }
  for (int i = 0; i < count; ++i) {
    ::kill(workers[i], SIGUSR1);
    ::waitpid(workers[i], nullptr, 0);
  }
  while (::wait(nullptr) > 0) {
  }
  ::_exit(0);
}

}  // namespace

int main(int argc, char** argv) {
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
  pid_t workers[8];
  const int count = std::atoi(argv[1]);
  for (int i = 0; i < count; ++i) {
    workers[i] = ::fork();
    if (workers[i] != 0) continue;
    char who[32];
    std::snprintf(who, sizeof who, "worker %d", i + 1);
    run(who, argv[2], nullptr, -1, false);
  }
  run("main", argv[2], workers, count, argc > 3);
}

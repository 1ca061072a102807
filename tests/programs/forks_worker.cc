// forks_worker <port>: the worker listens and ignores SIGINT; on SIGINT the main process ends the
// worker by SIGTERM, waits for it, and ends.
#include "service.h"

namespace {
pid_t worker;
}

int main(int, char** argv) {
  mask(SIG_BLOCK, SIGINT);  // a stop may come as soon as the worker listens
  worker = ::fork();
  if (worker == 0) {
    on(SIGINT, SIG_IGN);
    on(SIGTERM, [](int) { ::_exit(0); });
    serve_nothing(listen_tcp(std::atoi(argv[1])));
  }
  on(SIGINT, [](int) {
    ::kill(worker, SIGTERM);
    ::waitpid(worker, nullptr, 0);
    ::_exit(0);
  });
  mask(SIG_UNBLOCK, SIGINT);
  wait_for_signals();
}

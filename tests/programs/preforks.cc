// preforks <port> <workers>: workers share the main process's listener; on SIGINT main tells them
// by SIGTERM and waits for them all.
#include "service.h"

namespace {
pid_t workers[16];
int count;
}  // namespace

int main(int, char** argv) {
  const int listener = bind_tcp(std::atoi(argv[1]), Address::kV4);
  count = std::atoi(argv[2]);
  mask(SIG_BLOCK, SIGINT);  // a stop may come as soon as one of them listens
  for (int i = 0; i < count; ++i) {
    workers[i] = ::fork();
    if (workers[i] != 0) continue;
    mask(SIG_UNBLOCK, SIGINT);
    if (::listen(listener, 64) != 0) fail("listen");
    serve_nothing(listener);
  }
  ::close(listener);
  on(SIGINT, [](int) {
    for (int i = 0; i < count; ++i) ::kill(workers[i], SIGTERM);
    for (int i = 0; i < count; ++i) ::waitpid(workers[i], nullptr, 0);
    ::_exit(0);
  });
  mask(SIG_UNBLOCK, SIGINT);
  wait_for_signals();
}

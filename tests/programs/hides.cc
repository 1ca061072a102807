// hides <port>: as a program with secrets does, it lets nobody of its own user look into it (not
// dumpable, proc(5)). A worker of it listens; main ends on SIGINT and leaves the worker, which ends
// only on SIGTERM.
#include <sys/prctl.h>

#include "service.h"

int main(int, char** argv) {
  ::prctl(PR_SET_DUMPABLE, 0);
  const int listener = bind_tcp(std::atoi(argv[1]), Address::kV4);
  end_on_sigint();
  if (::fork() == 0) {
    on(SIGINT, SIG_IGN);
    if (::listen(listener, 64) != 0) fail("listen");
    serve_nothing(listener);
  }
  ::close(listener);
  wait_for_signals();
}

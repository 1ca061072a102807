// forks_daemon <port> <main's exit status> [SIGINT|nothing]: a daemon (fork, setsid, fork) listens
// when the process between it and main is gone; it ends by SIGINT or by nothing but SIGKILL. The
// main process ends when the daemon listens; with the exit status "stays" only on SIGINT.
#include "service.h"

int main(int argc, char** argv) {
  int ready[2];
  int alone[2];
  if (::pipe(ready) != 0 || ::pipe(alone) != 0) fail("pipe");
  const pid_t first = ::fork();
  if (first == 0) {
    ::setsid();
    if (::fork() != 0) ::_exit(0);
    if (argc > 3 && is(argv[3], "nothing")) {
      for (const int signal : {SIGINT, SIGTERM, SIGHUP}) on(signal, SIG_IGN);
    } else {
      end_on_sigint();
    }
    char byte = 0;
    ::close(alone[1]);
    if (::read(alone[0], &byte, 1) < 0) fail("read");
    const int fd = listen_tcp(std::atoi(argv[1]));
    ::close(ready[0]);
    ::close(ready[1]);
    serve_nothing(fd);
  }
  end_on_sigint();
  ::waitpid(first, nullptr, 0);
  ::close(alone[1]);
  ::close(ready[1]);
  char byte = 0;
  if (::read(ready[0], &byte, 1) < 0) fail("read");
  if (is(argv[2], "stays")) wait_for_signals();
  return std::atoi(argv[2]);
}

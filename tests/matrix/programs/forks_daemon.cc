// forks_daemon <folder> <port>: a daemon (fork, setsid, fork) listens, main only waits, and does
// not tell it when it ends.
#include "recorded.h"

int main(int, char** argv) {
  Recorded self(argv[1], "main");
  const auto handle = [&](int signal) {
    if (is_stop(signal)) self.end();
  };
  const pid_t first = ::fork();
  if (first == 0) {
    ::setsid();
    if (::fork() != 0) ::_exit(0);
    self.begin("daemon");
    const auto end_at_once = [&](int signal) {
      if (!is_stop(signal)) return;
      self.tell("ends");
      ::_exit(0);
    };
    const int listener = bind_to(argv[2]);
    start_to_listen(self, listener, end_at_once);
    serve(self, listener, end_at_once);
  }
  ::waitpid(first, nullptr, 0);
  serve(self, -1, handle);
}

// ignores_sigint <folder> <port>: SIGTERM ends it, as a program that does not handle it.
#include "recorded.h"

int main(int, char** argv) {
  std::signal(SIGINT, SIG_IGN);
  Recorded self(argv[1], "main");
  const auto handle = [&](int signal) {
    if (signal != SIGTERM) return;
    self.tell("ends");
    std::raise(SIGTERM);
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_UNBLOCK, &all, nullptr);
  };
  const int listener = bind_to(argv[2]);
  start_to_listen(self, listener, handle);
  serve(self, listener, handle);
}

// leader_exits <folder> <port>: main ends on SIGUSR1, as well as when it is told to stop, and
// leaves its workers; these end when they are told themselves.
#include "recorded.h"

int main(int, char** argv) {
  Recorded self(argv[1], "main");
  const int listener = bind_to(argv[2]);
  for (int i = 0; i < 2; ++i) {
    if (::fork() != 0) continue;
    self.begin("worker");
    const auto handle = [&](int signal) {
      if (is_stop(signal)) self.end();
    };
    start_to_listen(self, listener, handle);
    serve(self, listener, handle);
  }
  ::close(listener);
  serve(self, -1, [&](int signal) {
    if (!is_stop(signal) && signal != SIGUSR1) return;
    self.tell("ends");
    ::_exit(0);
  });
}

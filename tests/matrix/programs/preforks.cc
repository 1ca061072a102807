// preforks <folder> <port>: workers share the listener that main has bound; on SIGINT main tells
// them by SIGTERM and waits for them all.
#include "recorded.h"

int main(int, char** argv) {
  Recorded self(argv[1], "main");
  const int listener = bind_to(argv[2]);
  pid_t workers[3];
  for (pid_t& worker : workers) {
    worker = ::fork();
    if (worker != 0) continue;
    self.begin("worker");
    const auto end_at_once = [&](int signal) {
      if (!is_stop(signal)) return;
      self.tell("ends");
      ::_exit(0);
    };
    start_to_listen(self, listener, end_at_once);
    serve(self, listener, end_at_once);
  }
  ::close(listener);
  serve(self, -1, [&](int signal) {
    if (!is_stop(signal)) return;
    while (self.wait_at("stop") != 0) {
    }
    for (const pid_t worker : workers) ::kill(worker, SIGTERM);
    for (const pid_t worker : workers) ::waitpid(worker, nullptr, 0);
    self.tell("ends");
    ::_exit(0);
  });
}

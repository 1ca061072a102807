// ignores_sigint_and_sigterm <folder> <port>: only SIGKILL ends it.
#include "recorded.h"

int main(int, char** argv) {
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  Recorded self(argv[1], "main");
  const auto handle = [](int) {};
  const int listener = bind_to(argv[2]);
  start_to_listen(self, listener, handle);
  serve(self, listener, handle);
}

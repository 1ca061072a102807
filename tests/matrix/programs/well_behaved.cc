// well_behaved <folder> <port>: ends as soon as it is told to.
#include "recorded.h"

int main(int, char** argv) {
  Recorded self(argv[1], "main");
  const auto handle = [&](int signal) {
    if (is_stop(signal)) self.end();
  };
  const int listener = bind_to(argv[2]);
  start_to_listen(self, listener, handle);
  serve(self, listener, handle);
}

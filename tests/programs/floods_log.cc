// floods_log [<gate> <gate>]: says "ready" and, when the first gate opens, writes lines as fast as
// it can, until SIGINT or until the disk is full: then it reaches the second gate.
#include "service.h"

int main(int argc, char** argv) {
  end_on_sigint();
  say("ready\n");
  wait_at(argc > 1 ? argv[1] : nullptr);
  char line[1024];
  std::memset(line, 'x', sizeof line);
  line[sizeof line - 1] = '\n';
  while (::write(STDOUT_FILENO, line, sizeof line) > 0) {
  }
  wait_at(argc > 2 ? argv[2] : nullptr);
  wait_for_signals();
}

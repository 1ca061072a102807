// floods_log: says "ready", and then writes lines as fast as it can, until SIGINT.
#include "service.h"

int main() {
  end_on_sigint();
  say("ready\n");
  char line[1024];
  std::memset(line, 'x', sizeof line);
  line[sizeof line - 1] = '\n';
  while (::write(STDOUT_FILENO, line, sizeof line) > 0) {
  }
  wait_for_signals();
}

// Writes lines as fast as it can, until SIGINT or until the disk is full.
#include "service.h"

int main() {
  end_on_sigint();
  char line[1024];
  std::memset(line, 'x', sizeof line);
  line[sizeof line - 1] = '\n';
  while (::write(STDOUT_FILENO, line, sizeof line) > 0) {
  }
  wait_for_signals();
}

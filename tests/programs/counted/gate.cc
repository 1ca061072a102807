// Holds the program when it has nothing to count any more, and before libgcov writes: when exit()
// runs the functions of atexit(), and not yet the destructors of the program and its libraries.
#include <unistd.h>

#include <cstdlib>

namespace {

// The test waits for the byte, and closes the other pipe when the program may end.
void wait_at_gate() {
  char byte = '!';
  if (::write(STDOUT_FILENO, &byte, 1) != 1) ::_exit(100);
  if (::read(STDIN_FILENO, &byte, 1) != 0) ::_exit(101);
}

const int registered = std::atexit(wait_at_gate);

}  // namespace

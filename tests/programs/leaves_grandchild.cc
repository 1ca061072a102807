// leaves_grandchild <exit status>: says "ready" and forks a process that keeps standard output open
// and ends by SIGINT only. The main process ends on SIGINT, with the exit status, and does not
// care.
#include "service.h"

int main(int, char** argv) {
  static int status = 0;
  status = std::atoi(argv[1]);
  end_on_sigint();  // the child's
  if (::fork() == 0) wait_for_signals();
  on(SIGINT, [](int) { ::_exit(status); });
  say("ready\n");
  wait_for_signals();
}

// Records what it was started with, makes the file that $READY_FILE names, and waits for SIGINT.
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "record.h"

int main() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGINT);
  sigprocmask(SIG_BLOCK, &stop, nullptr);
  record(RECORD);
  std::ofstream(std::getenv("READY_FILE")) << "ready\n";
  int signal = 0;
  return sigwait(&stop, &signal);
}

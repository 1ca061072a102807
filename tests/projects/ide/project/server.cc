#include <csignal>
#include <fstream>

int main(int, char** argv) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGINT);
  sigprocmask(SIG_BLOCK, &stop, nullptr);
  std::ofstream(argv[1]) << "ready\n";
  int signal = 0;
  return sigwait(&stop, &signal);
}

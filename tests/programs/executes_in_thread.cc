// Executes the command of its arguments in another thread than the first one.
#include <thread>

#include "service.h"

int main(int, char** argv) {
  std::thread([argv] {
    ::execv(argv[1], argv + 1);
    ::_exit(127);
  }).join();
}

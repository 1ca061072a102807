// Executes the command of its arguments in the first thread, while another one waits.
#include <future>
#include <thread>

#include "service.h"

int main(int, char** argv) {
  std::promise<void> never;
  std::thread([&never] { never.get_future().wait(); }).detach();
  ::execv(argv[1], argv + 1);
  return 127;
}

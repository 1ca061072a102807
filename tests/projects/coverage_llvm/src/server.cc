// A service without a handler of any signal, a child that is killed, and a plugin that is loaded by
// dlopen.
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shared.h"

#define CHECK(condition) \
  if (!(condition)) ++failures

int main(int, char** argv) {
  int failures = 0;
  for (int i = -1; i < 3; ++i) sign(i);  // counts: main
  twice(1);
  twice(1L);
  CHECK(twice(2) == 4);
  const pid_t child = fork();
  if (child == 0) {
    sign(-7);  // counts: killed
    raise(SIGKILL);
  }
  waitpid(child, nullptr, 0);
  void* plugin = dlopen(argv[1], RTLD_NOW);
  if (plugin == nullptr) return 1;
  reinterpret_cast<void (*)()>(dlsym(plugin, "plug"))();
  while (true) {
    puts("ready");
    fflush(stdout);
    pause();
  }
  return failures;  // LCOV_EXCL_LINE
}

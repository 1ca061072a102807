// <program> works <n>...                     does the work and exits
// <program> <end> <ready file> [<more>...]   does it as a service that ends so (ends.cc)
//
// Before that there may be words about its surroundings (surroundings.h).
//
// Instrumented, but what is counted here is not compared: it tells how the program ended.
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "ends.h"
#include "surroundings.h"
#include "work.h"

pid_t instrumented_fork() { return ::fork(); }

void instrumented_exec(char** command) { ::execv(command[0], command); }

pid_t instrumented_vfork_and_exec(char** command) {
  const pid_t child = ::vfork();
  if (child != 0) return child;
  ::execv(command[0], command);
  ::_exit(127);
}

int main(int, char** arguments) {
  arguments = enter_surroundings(arguments);
  if (std::strcmp(arguments[1], "works") == 0) {
    for (char** n = arguments + 2; *n != nullptr; ++n) work(std::atoi(*n));
    return 0;
  }
  work(kBefore);
  in_thread([] { work(kThread); });
  return end_so(arguments);
}

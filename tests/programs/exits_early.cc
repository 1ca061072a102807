// exits_early <exit status or SIG:number> <lines> [<gate>]: logs so many lines and ends.
#include "service.h"

int main(int argc, char** argv) {
  for (int i = 1; i <= std::atoi(argv[2]); ++i) say("line %d\n", i);
  wait_at(argc > 3 ? argv[3] : nullptr);
  if (std::strncmp(argv[1], "SIG:", 4) == 0) ::raise(std::atoi(argv[1] + 4));
  return std::atoi(argv[1]);
}

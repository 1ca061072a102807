// dies_when_told <gate> <exit status or SIG:number>: runs well until the gate opens.
#include "service.h"

int main(int, char** argv) {
  end_on_sigint();
  say("running\n");
  wait_at(argv[1]);
  say("told to die\n");
  if (std::strncmp(argv[2], "SIG:", 4) == 0) ::raise(std::atoi(argv[2] + 4));
  return std::atoi(argv[2]);
}

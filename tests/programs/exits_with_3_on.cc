// exits_with_3_on <signal number>
#include "service.h"

int main(int, char** argv) {
  on(std::atoi(argv[1]), [](int) {
    say("got it\n");
    ::_exit(3);
  });
  say("running\n");
  wait_for_signals();
}

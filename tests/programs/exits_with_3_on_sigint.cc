#include "service.h"

int main() {
  on(SIGINT, [](int) { ::_exit(3); });
  say("running\n");
  wait_for_signals();
}

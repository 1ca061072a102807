#include "service.h"

int main() {
  on(SIGINT, SIG_IGN);
  on(SIGTERM, SIG_IGN);
  say("running\n");
  wait_for_signals();
}

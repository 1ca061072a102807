// never_ready [<line>]: runs and does nothing that one could wait for.
#include "service.h"

int main(int argc, char** argv) {
  end_on_sigint();
  if (argc > 1) say("%s\n", argv[1]);
  wait_for_signals();
}

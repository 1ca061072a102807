// A service without a handler of any signal.
#include <stdio.h>
#include <unistd.h>

#include "shared.h"

int main() {
  twice(3);  // counts: own
  puts("ready");
  fflush(stdout);
  while (true) pause();
}

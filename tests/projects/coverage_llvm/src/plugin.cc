#include "shared.h"

extern "C" void plug() {
  for (int i = 0; i < 5; ++i) {
    sign(-i);  // counts: plug
  }
}

extern "C" int unused(int x) {
  x += 1;
  return x;
}

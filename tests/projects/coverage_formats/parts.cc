#include "parts.h"

// Their names are the same up to the first comma.
int overloaded(int a, int b) { return larger(a, b); }
int overloaded(int a, char b) { return a + b; }

int excluded() {  // GCOVR_EXCL_START
  return 1;
}  // GCOVR_EXCL_STOP

int marked(int number) {
  if (number > 1) return 2;  // LCOV_EXCL_LINE
  if (number > 0) return 1;  // LCOV_EXCL_BR_LINE
  return 0;
}

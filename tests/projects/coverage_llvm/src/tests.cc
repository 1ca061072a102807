#include "shared.h"

int main() {
  for (int i = 0; i < 7; ++i) {
    sign(i - 2);  // counts: tests
  }
  return twice(0);
}

#include "shared.h"

int left(int value) {
  int sum = 0;
  for (int i = 0; i < value; ++i) sum += in_each(i) > 3 ? 2 : 1;
  return larger(sum, value);
}

int never_called(int value) { return value > 0 ? left(value) : -1; }

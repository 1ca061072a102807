#include "parts.h"

// Lines with cycles of their own.
// clang-format off
int loops(int times) {
  int sum = is_between(0, times, 5) ? 1 : 0;
  for (int i = 0; i < times; ++i) for (int k = 0; k < i; ++k) if (k % 2) sum += k; else sum -= checked(k);
  do { sum += pick<long>(sum % 2 == 0, 1, 2); } while (sum < 0);
  return sum;
}

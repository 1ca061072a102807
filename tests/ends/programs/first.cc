// Loops, branches, and what is left out by a condition.
#include "work.h"

namespace {

int halves(int value) {
  int steps = 0;
  while (value != 1) {
    if (value % 2 == 0) {
      value /= 2;
    } else {
      value = 3 * value + 1;
    }
    ++steps;
  }
  return steps;
}

bool is_odd_or_large(int value) { return value % 2 == 1 || value > 1000; }

}  // namespace

int first_work(int n) {
  int sum = 0;
  for (int unit = 0; unit < n; ++unit) {
    sum += halves(unit + 1);
    if (is_odd_or_large(unit)) sum ^= shared_step(sum);
  }
  if (n < 0) sum = -sum;
  return sum;
}

#include <algorithm>

#include "shared.h"

int plugged(int value) {
  Guard guard("z");
  std::vector<long> values{1, 2, value};
  for (int i = 0; i < 3; ++i) value += clamped(i);
  std::sort(values.begin(), values.end(), [](long a, long b) { return a < b; });
  return static_cast<int>(sum(values)) + Partly<int>{}.used();
}

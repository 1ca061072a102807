#include "shared.h"

int never_run(int value) {
  std::vector<double> values{1.0, 2.0};
  if (value > 0) {
    return 1;
  }
  return static_cast<int>(sum(values)) + only_in_never_run(value);
}

#include "shared.h"

int right(int value) {
  switch (value % 3) {
    case 0:
      return in_each(value);
    case 1:
      return larger(value, 7);
    default:
      return static_cast<int>(larger(0.5, value / 2.0));
  }
}

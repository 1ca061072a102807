#include "parts.h"

int main() {
  try {
    checked(-1);
  } catch (const std::invalid_argument&) {
  }
  return overloaded(1, 2) + reached() + static_cast<int>(larger(1.5, 2.5)) == 12 ? 0 : 1;
}

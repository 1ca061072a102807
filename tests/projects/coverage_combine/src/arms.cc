#include "parts.h"

// Blocks of one line: no part executes all of them, all parts together do.
int arms(const std::string& word) {
  const int side = word == "left" ? 1 : word == "right" ? 2 : 3;
  // That side 1 decides alone, only all parts together show.
  const bool is_named = side == 1 || (side == 2 && !word.empty());
  const int extra = is_named && is_between(0, side, 2) ? 1 : 0;
  const auto twice = [side](int a) { return side > 1 ? a * 2 : a; };
  // LCOV_EXCL_START
  if (side == 7) return 0;
  // LCOV_EXCL_STOP
  if (word.empty()) return 1;  // LCOV_EXCL_BR_LINE
  try {
    return extra + twice(checked(word == "throw" ? 1000 : side)) + pick(side == 1, 1, 2);
  } catch (const std::out_of_range&) {
    return pick(side == 3, 'a', 'b');
  }
}

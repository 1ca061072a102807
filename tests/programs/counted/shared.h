// Functions that several objects have: only one copy of each is linked (COMDAT).
#pragma once

int left(int value);
int right(int value);

inline int in_each(int value) {
  if (value % 2 == 0) return value + 1;
  return value - 1;
}

template <typename Number>
Number larger(Number a, Number b) {
  return a > b ? a : b;
}

#pragma once

// Compiled by every compiler of the project.
inline int sign(int x) {
  if (x < 0) {  // counts: sign
    return -1;  // counts: negative
  }
  return 1;  // counts: positive
}

template <typename Number>
Number twice(Number x) {
  return x + x;  // counts: twice
}

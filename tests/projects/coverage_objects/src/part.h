#pragma once
int part(int n);
inline int twice(int n) {
  const int result = 2 * n;
  return result;
}

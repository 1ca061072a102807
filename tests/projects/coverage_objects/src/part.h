#pragma once
int part(int n);
inline int twice(int n) {
  return 2 * n;
}

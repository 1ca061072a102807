// A function that begins on another line where WIDE is set.
#pragma once

#ifdef WIDE
inline int pick(int n, int most) {
  if (n > most) return most;
#else
inline int pick(int n) {
#endif
  return n > 2 ? 1 : 0;
}

#ifdef WIDE

inline int grow(int n) {
#else
inline int grow(int n) {
#endif
  return n + 1;
}

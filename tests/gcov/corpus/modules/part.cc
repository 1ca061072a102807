export module part;
export template <typename T> T doubled(T n) { return n > 2 ? n + n : n; }
export int counted(int n) {
  for (int i = 0; i < 3; ++i) n += i;
  return n;
}
export inline int small(int n) { return n ? 1 : 0; }

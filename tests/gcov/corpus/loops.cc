// Loops that stand on one line, in many shapes: where a line's count is hard.
#include <cstddef>
static volatile int stop = 7;
int loop1(int n) { int s = 0; for (int i = 0; i < n; ++i) s += i; return s; }
int loop2(int n) { int s = 0; for (int i = 0; i < n; ++i) for (int j = 0; j < i; ++j) s += j; return s; }
int loop3(int n) { int s = 0; for (int i = 0; i < n; ++i) { for (int j = 0; j < i; ++j) { for (int k = j; k; --k) ++s; } } return s; }
int loop4(int n) { int s = 0; while (n > 0) { if (n % 2) { --n; continue; } n /= 2; ++s; } return s; }
int loop5(int n) { int s = 0; do { s += n; if (s > 40) break; } while (--n > 0); return s; }
int loop6(int n) { int s = 0; for (int i = 0; i < n; ++i) s += i; for (int i = 0; i < n; ++i) s -= i / 2; return s; }
int loop7(int n) { int s = 0; for (;;) { if (++s > n) break; if (s % 3 == 0) continue; while (s % 5) ++s; } return s; }
int loop8(int n) { int s = 0; again: if (n > 3) { --n; goto again; } if (n > 1) { s += n; --n; goto again; } return s; }
int loop9(int n) { int s = 0; middle: for (int i = 0; i < n; ++i) { s += i; if (s == stop) { ++s; goto middle; } } return s; }
int loop10(int n) { switch (n % 4) { case 0: do { ++n; case 3: ++n; case 2: ++n; case 1: ++n; } while (n < 20); } return n; }
int loop11(int n) { int s = 0; for (int i = 0, j = n; i < j; ++i, --j) s += i && j ? 1 : i || j ? 2 : 3; return s; }
int loop12(int n) { return n <= 1 ? 1 : loop12(n - 1) + loop12(n - 2); }
int loop13(int n) {
  int s = 0; while (n-- > 0) { if (n == 3) { while (s < 10) { ++s; if (s == 5) goto out; } } s += n; } out: return s;
}
int loop14(int n) {
  int s = 0;
  for (int i = 0; i < n; ++i) { s += i; } for (int i = 0;
      i < n; ++i) { s -= i; if (i == 2)
      continue; s += 1; } while (s > 5) {
    --s; } return s;
}
int loop15(int n) { const int a[] = {3, 1, 2}; int s = 0; for (int x : a) for (int y : a) { if (x == y) continue; s += x * y % (n + 1); } return s; }
int loop16(int n) { int s = 0; switch (n) { case 1: s = 1; break; case 2: for (; s < 3; ++s) { switch (s) { case 0: continue; default: break; } } break; default: s = -1; } return s; }
int main() {
  int s = 0;
  for (int n = 0; n < 12; ++n) s += loop1(n) + loop2(n) + loop3(n) + loop4(n) + loop5(n) + loop6(n) + loop7(n) + loop8(n) + loop9(n) + loop10(n) + loop11(n) + loop12(n) + loop13(n) + loop14(n) + loop15(n) + loop16(n);
  return s == 0 ? 1 : 0;
}

#define TWICE(x) do { if (x) ++n; else --n; while (n > 5) n -= 2; } while (n > 50)
static int n = 0;

int before(int m) {
  n += m;
#line 200 "other.y"
  if (n > 2) --n;
  for (int i = 0; i < m; ++i) { n += i; if (n > 7) n = 0; }
#line 10 "renamed.cc"
  n += 2;
  return n;
}
#line 4 "renamed.cc"
int same_line_again(int m) { return m ? before(m) : 0; }
#line 100 "./other.y"
int in_other(int m) { return m + 1; }
#line 201 "other.y"
int in_other_again(int m) { while (m > 3) --m; return m; }
#line 7
int in_other_low(int m) {
  TWICE(m);
  return n;
}
#line 60 "renamed.cc"
int macros(int m) {
  TWICE(m); TWICE(m + 1); TWICE(m - 1);
  return n; }
#line 1 "/absolute/path.h"
int absolute(int m) { return m; }
#line 90 "renamed.cc"
int main() {
  for (int i = 0; i < 5; ++i) macros(i);
  return before(2) + same_line_again(3) + in_other(1) + in_other_again(9) + in_other_low(3) + absolute(1) > 0 ? 0 : 1;
}

/* Its counters are written before it is over: what enters a block need not leave it. */
#include <stdlib.h>
#include <unistd.h>
extern void __gcov_dump(void);
static int deep(int n) {
  if (n == 0) {
    __gcov_dump();
    _exit(0);
  }
  for (int i = 0; i < n; ++i) { if (i > 2) deep(n - 1); }
  return n;
}
int main(void) {
  if (fork() == 0) { for (int i = 0; i < 3; ++i) if (fork() == 0) return 0; return 0; }
  return deep(6);
}

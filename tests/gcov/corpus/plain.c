#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf place;

static int jumps(int n) {
  if (n == 0) longjmp(place, 3);
  return n;
}

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

__attribute__((constructor)) static void early(void) { setvbuf(stdout, NULL, _IONBF, 0); }

static inline int clamp(int n) { return n < 0 ? 0 : n > 9 ? 9 : n; }

static int old_style(a, b)
  int a;
  int b;
{
  return a > b ? a : b;
}

static int computed(int n) {
  static void *targets[] = {&&one, &&two, &&done};
  int s = 0;
next: goto *targets[n % 3];
one: s += 1; n += 1; goto next;
two: s += 10; n += 1; goto next;
done: return s;
}

static int unused(int n) { for (int i = 0; i < n; ++i) { if (i == 3) return i; } return n; }

int main(int argc, char **argv) {
  int numbers[] = {3, 1, 2};
  char text[20];
  int sum = 0;
  switch (setjmp(place)) {
    case 0:
      sum += jumps(1);
      sum += jumps(0);
      break;
    case 3: sum += 3; break;
    default: abort();
  }
  qsort(numbers, 3, sizeof *numbers, compare);
  for (int i = -1; i < 12; ++i) sum += clamp(i) && i != 4 || i > 10;
  snprintf(text, sizeof text, "%d", sum + old_style(argc, 2) + computed(0) + computed(2));
  if (argc > 5) return unused(argc) + (argv[0] == NULL);
  return strlen(text) > 0 ? 0 : 1;
}

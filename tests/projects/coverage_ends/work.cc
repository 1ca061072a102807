#include "work.h"

int work(int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) {
    sum += i;  // counts: work
  }
  return sum;
}

// The work that is counted. What it counts depends on `n` only, so that a process that has done
// work(3) and work(4) has the counts of one that did so and ended in another way.
#pragma once

// Does all of the below, in whatever image it is.
int work(int n);

extern "C" {
int first_work(int n);
int second_work(int n);
int third_work(int n);
}

// In every object that uses it, and in every image that has such an object.
inline int shared_step(int value) {
  if (value % 3 == 0) return value / 3;
  return value % 3 == 1 ? value * 2 + 1 : value - 1;
}

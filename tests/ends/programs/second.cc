// A table that is filled before main, exceptions, and many functions.
#include "work.h"

namespace {

struct TooLarge {
  int value;
};

int fill(int* table) {
  for (int i = 0; i < 16; ++i) table[i] = i % 4 == 3 ? i * i : i + 1;
  return 16;
}

int table[16];
const int table_size = fill(table);

int look_up(int i) {
  if (i >= table_size) throw TooLarge{i};
  return table[i];
}

template <int N>
int chain(int value) {
  if (value % 64 < N) return value;
  if constexpr (N > 0) {
    return chain<N - 1>(value) + (value % N == 0 ? 1 : 2);
  } else {
    return value;
  }
}

}  // namespace

int second_work(int n) {
  int sum = 0;
  for (int i = 0; i < 4 * n; ++i) {
    try {
      sum += look_up(i);
    } catch (const TooLarge& error) {
      sum -= error.value;
    }
    switch (i % 5) {
      case 0:
        sum += chain<63>(i);
        break;
      case 1:
      case 2:
        sum += shared_step(i);
        break;
      default:
        break;
    }
  }
  return sum;
}

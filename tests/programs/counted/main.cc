// counted_* [dump|reset]: works, then waits at the gate (gate.cc) before it exits. With `dump` it
// has libgcov write before that, and with `reset` begin anew, too.
#include <cstring>

#include "shared.h"

extern "C" void __gcov_dump();
extern "C" void __gcov_reset();

namespace {

int work(int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) sum += left(i % 10) + right(i);
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  int sum = work(300);
  const char* what = argc > 1 ? argv[1] : "";
  if (std::strcmp(what, "dump") == 0) __gcov_dump();
  if (std::strcmp(what, "reset") == 0) {
    __gcov_dump();
    __gcov_reset();
    sum += work(20);
  }
  return sum == 0 ? 1 : 0;
}

#include "shared.h"

static int never(int a) {
  return a;
}

int main(int argc, char** argv) {
  (void)argv;
  if (argc > 5) {
    return never(argc);
  }
  return larger(argc, 2) - 2;
}

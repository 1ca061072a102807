#include <unistd.h>

#include <cstdio>

#include "part.h"

int main(int argc, char**) {
  std::printf("ready %d\n", part(3));
  std::fflush(stdout);
  if (argc > 1) return 0;
  for (;;) pause();
}

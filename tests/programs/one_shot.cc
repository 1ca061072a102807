// one_shot <exit status> [<gate>]: a migration: does its work and ends.
#include "service.h"

int main(int argc, char** argv) {
  say("migrating\n");
  wait_at(argc > 2 ? argv[2] : nullptr);
  return std::atoi(argv[1]);
}

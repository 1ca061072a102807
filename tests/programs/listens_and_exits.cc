// listens_and_exits <port> <exit status>: listens, says so, and ends at once.
#include "service.h"

int main(int, char** argv) {
  listen_tcp(std::atoi(argv[1]));
  say("listening\n");
  return std::atoi(argv[2]);
}

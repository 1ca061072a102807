// changes_user <port>: a set-user-ID program of root's; it becomes user 65534 for good, whom
// whoever started it may not signal, and listens.
#include "service.h"

int main(int, char** argv) {
  if (::setresuid(65534, 65534, 65534) != 0) fail("setresuid");
  serve_nothing(listen_tcp(std::atoi(argv[1])));
}

// closes_stdout <port>: closes its standard streams, as daemons do, then listens.
#include "service.h"

int main(int, char** argv) {
  end_on_sigint();
  say("farewell\n");
  for (int fd = 0; fd < 3; ++fd) ::close(fd);
  serve_nothing(listen_tcp(std::atoi(argv[1])));
}

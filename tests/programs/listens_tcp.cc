// listens_tcp <port> [v4|v6|dual] [<gate>]: binds at once, listens when the gate opens.
#include "service.h"

int main(int argc, char** argv) {
  end_on_sigint();
  const char* kind = argc > 2 ? argv[2] : "v4";
  const Address address = is(kind, "v6")     ? Address::kV6
                          : is(kind, "dual") ? Address::kDual
                                             : Address::kV4;
  const int fd = bind_tcp(std::atoi(argv[1]), address);
  wait_at(argc > 3 ? argv[3] : nullptr);
  if (::listen(fd, 64) != 0) fail("listen");
  say("listening\n");
  serve_nothing(fd);
}

// unix_listener <path> <stream|seqpacket|dgram> [<gate>]: binds at once, listens when the gate
// opens.
#include "service.h"

int main(int argc, char** argv) {
  end_on_sigint();
  const int type = is(argv[2], "seqpacket") ? SOCK_SEQPACKET
                   : is(argv[2], "dgram")   ? SOCK_DGRAM
                                            : SOCK_STREAM;
  const int fd = ::socket(AF_UNIX, type, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "%s", argv[1]);
  ::unlink(argv[1]);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind");
  wait_at(argc > 3 ? argv[3] : nullptr);
  if (type != SOCK_DGRAM && ::listen(fd, 64) != 0) fail("listen");
  if (type == SOCK_DGRAM) wait_for_signals();
  serve_nothing(fd);
}

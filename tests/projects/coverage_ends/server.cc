// server <port>: a thread for each connection; works a little and closes it. It knows nothing of
// signals, and never returns.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "work.h"

namespace {

void serve(int connection) {
  work(2);              // counts: served
  ::close(connection);  // the client waits for it
}

int listen_on(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<unsigned short>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd, 64) != 0) {
    std::perror("listen");
    std::exit(1);  // counts: failed
  }
  return fd;
}

}  // namespace

int main(int, char** argv) {
  const int listener = listen_on(std::atoi(argv[1]));
  for (;;) {
    const int connection = ::accept(listener, nullptr, nullptr);
    std::printf("a connection\n");
    std::fflush(stdout);
    std::thread(serve, connection).detach();  // counts: accepted
  }
}

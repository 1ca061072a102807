// server <port>: a thread for each connection, which works a little. It knows nothing of
// signals, and never returns.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "work.h"

namespace {

void serve() {
  work(2);  // counts: served
}

// The client waits for the end of its connection, which comes only here: all that the server did
// for it is counted by then.
int next_connection(int listener, int last) {
  if (last >= 0) ::close(last);
  return ::accept(listener, nullptr, nullptr);
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
  int connection = -1;
  for (;;) {
    connection = next_connection(listener, connection);
    std::printf("a connection\n");
    std::fflush(stdout);
    std::thread(serve).join();  // counts: accepted
  }
}

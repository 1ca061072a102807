// service <name> tcp|unix|log|file|notify|listen <port> <path>: tells its name to whoever connects
// to the port, and is ready in the way of its kind. Ends with status 0 on SIGINT.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

int listen_on(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<unsigned short>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (::listen(fd, 64) != 0) fail("listen");
  return fd;
}

// In the folder of the path, since a socket's own is limited to 107 bytes.
void listen_at(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (::chdir(path.substr(0, slash).c_str()) != 0) fail("chdir");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.substr(slash + 1).copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (::listen(fd, 64) != 0) fail("listen");
}

void notify() {
  const std::string name = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, sizeof address.sun_path - 1);
  if (name.front() == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  if (::sendto(fd, "READY=1", 7, 0, reinterpret_cast<const sockaddr*>(&address), size) != 7)
    fail("notify");
  ::close(fd);
}

}  // namespace

int main(int, char** argv) {
  const std::string name = argv[1];
  const std::string kind = argv[2];
  std::signal(SIGINT, [](int) { ::_exit(0); });
  const int listener = kind == "listen" ? 3 : listen_on(std::atoi(argv[3]));
  if (kind == "unix") listen_at(argv[4]);
  if (kind == "file" && ::creat(argv[4], 0600) < 0) fail("creat");
  if (kind == "notify") notify();
  if (kind == "log" && ::write(STDOUT_FILENO, "ready\n", 6) != 6) fail("write");
  for (;;) {
    const int fd = ::accept(listener, nullptr, nullptr);
    if (fd < 0 || ::send(fd, name.data(), name.size(), MSG_NOSIGNAL) < 0) continue;
    ::close(fd);
  }
}

// listens_at <what>...: one after the other, then "listening":
//   tcp:<address>:<port>   listens there, [::1] without brackets, and says "tcp <port>"
//   udp:<address>:<port>   is bound there
//   unix:<path>            listens there; @name: an abstract socket
//   dgram:<path>           is bound there, for datagrams
//   close                  closes what it has opened last
//   gate:<path>            waits until the gate opens
#include <string>

#include "service.h"

namespace {

int listen_inet(int type, const std::string& where) {
  const std::size_t colon = where.rfind(':');
  const std::string host = where.substr(0, colon);
  const auto port = htons(static_cast<std::uint16_t>(std::atoi(where.c_str() + colon + 1)));
  const bool is_ipv6 = host.find(':') != std::string::npos;
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = port;
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_port = port;
  if (is_ipv6) {
    ::inet_pton(AF_INET6, host.c_str(), &ipv6.sin6_addr);
  } else {
    ::inet_pton(AF_INET, host.c_str(), &ipv4.sin_addr);
  }
  auto* address = is_ipv6 ? reinterpret_cast<sockaddr*>(&ipv6) : reinterpret_cast<sockaddr*>(&ipv4);
  socklen_t size = is_ipv6 ? sizeof ipv6 : sizeof ipv4;
  const int fd = ::socket(is_ipv6 ? AF_INET6 : AF_INET, type, 0);
  const int one = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (fd < 0 || ::bind(fd, address, size) != 0) fail("bind");
  if (type != SOCK_STREAM) return fd;
  if (::listen(fd, 64) != 0 || ::getsockname(fd, address, &size) != 0) fail("listen");
  say("tcp %d\n", ntohs(is_ipv6 ? ipv6.sin6_port : ipv4.sin_port));
  return fd;
}

int listen_unix(int type, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path.front() == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  const int fd = ::socket(AF_UNIX, type, 0);
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0) fail("bind");
  if (type == SOCK_STREAM && ::listen(fd, 64) != 0) fail("listen");
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  end_on_sigint();
  int last = -1;
  for (int i = 1; i < argc; ++i) {
    const std::string what = argv[i];
    const std::size_t colon = what.find(':');
    const std::string kind = what.substr(0, colon);
    const std::string where = colon == std::string::npos ? "" : what.substr(colon + 1);
    if (kind == "tcp") last = listen_inet(SOCK_STREAM, where);
    if (kind == "udp") last = listen_inet(SOCK_DGRAM, where);
    if (kind == "unix") last = listen_unix(SOCK_STREAM, where);
    if (kind == "dgram") last = listen_unix(SOCK_DGRAM, where);
    if (kind == "close") ::close(last);
    if (kind == "gate") wait_at(where.c_str());
  }
  say("listening\n");
  wait_for_signals();
}

#include "os/tcp_connect.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace gentle {

UniqueFd start_connect(const std::string& host, int port) {
  const bool is_ipv6 = host == "::1";
  UniqueFd fd(
      ::socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = htons(static_cast<std::uint16_t>(port));
  ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_port = ipv4.sin_port;
  ipv6.sin6_addr = in6addr_loopback;
  const auto* address =
      is_ipv6 ? reinterpret_cast<const sockaddr*>(&ipv6) : reinterpret_cast<const sockaddr*>(&ipv4);
  const socklen_t size = is_ipv6 ? sizeof ipv6 : sizeof ipv4;
  if (!fd || (::connect(fd.get(), address, size) != 0 && errno != EINPROGRESS)) fd.reset();
  return fd;
}

Connected is_connected(int fd) {
  pollfd entry{fd, POLLOUT, 0};
  if (::poll(&entry, 1, 0) == 0) return Connected::kNotYet;
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) {
    return Connected::kNo;
  }
  sockaddr_storage own{};
  sockaddr_storage peer{};
  socklen_t own_size = sizeof own;
  socklen_t peer_size = sizeof peer;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &own_size) != 0 ||
      ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) {
    return Connected::kNo;
  }
  if (own_size != peer_size || std::memcmp(&own, &peer, own_size) != 0) return Connected::kYes;
  // At once and without a word, so that the port is free again for who is to listen there.
  const linger nothing{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &nothing, sizeof nothing);
  return Connected::kNo;
}

bool wait_until_connected(int fd, Duration limit) {
  pollfd entry{fd, POLLOUT, 0};
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
  ::poll(&entry, 1, static_cast<int>(ms));
  return is_connected(fd) == Connected::kYes;
}

}  // namespace gentle

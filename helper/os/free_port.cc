#include "os/free_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "base/error.h"
#include "os/file.h"
#include "os/tcp_listener.h"

namespace gentle {
namespace {

// Below 10000 live the well-known servers of a developer's machine.
constexpr int kLowest = 10000;
constexpr int kHighest = 65535;

struct Range {
  int first;
  int last;
};

Range ephemeral_range() {
  Range range{32768, 60999};  // ip(7): the default
  try {
    const std::string text = read_file("/proc/sys/net/ipv4/ip_local_port_range");
    std::sscanf(text.c_str(), "%d %d", &range.first, &range.last);
  } catch (const Error&) {
    // Hidden by a sandbox: the default is the best guess.
  }
  return range;
}

// All candidates, in an order of chance so that concurrent builds rarely meet.
std::vector<int> candidates() {
  const Range ephemeral = ephemeral_range();
  std::vector<int> ports;
  for (int port = kLowest; port <= kHighest; ++port) {
    if (port < ephemeral.first || port > ephemeral.last) ports.push_back(port);
  }
  // A machine whose ephemeral range is everything: any port is better than none.
  for (int port = kLowest; ports.empty() && port <= kHighest; ++port) ports.push_back(port);
  std::shuffle(ports.begin(), ports.end(), std::minstd_rand(std::random_device()()));
  return ports;
}

std::string lock_name(int port) { return "gentle-port-" + std::to_string(port); }

// Empty: another service holds it.
UniqueFd lock_port(int port) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) throw errno_error("lock port", std::to_string(port), errno);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = lock_name(port);
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) fd.reset();
  return fd;
}

// The supervisor that holds the lock, whose command line tells its build; or "". A line of the
// table ends with the inode and, as '@' for the NUL, the name: proc(5).
std::string holder_of_lock(int port) {
  const std::string table = read_file_if_there("/proc/net/unix").value_or("");
  const std::size_t name = table.find(" @" + lock_name(port) + "\n");
  if (name == std::string::npos) return "";
  const std::size_t inode = table.rfind(' ', name - 1) + 1;
  return describe_holder(std::strtoull(table.c_str() + inode, nullptr, 10));
}

UniqueFd bind_ipv4(int port, in_addr_t host, bool reuse) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (fd && reuse) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(host);
  if (fd && ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fd.reset();
  }
  return fd;
}

// No IPv6 on this machine is as good as a free port there.
bool is_free_on_ipv6(int port) {
  const UniqueFd fd(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return true;
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(port));
  return ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
         errno != EADDRINUSE;
}

// As strict as the pickiest server: every address, and without SO_REUSEADDR.
bool is_free(int port) {
  return static_cast<bool>(bind_ipv4(port, INADDR_ANY, false)) && is_free_on_ipv6(port);
}

UniqueFd listen_on(int port) {
  UniqueFd fd = bind_ipv4(port, INADDR_LOOPBACK, true);
  if (!fd || ::listen(fd.get(), SOMAXCONN) != 0) {
    throw errno_error("listen on port", std::to_string(port), errno);
  }
  return fd;
}

}  // namespace

PortLease lease_free_port(Binding binding) {
  for (const int port : candidates()) {
    PortLease lease{port, lock_port(port), {}};
    if (!lease.lock || !is_free(port)) continue;
    if (binding == Binding::kByUs) lease.listener = listen_on(port);
    return lease;
  }
  throw Error("choose", "a free port", "every port outside the ephemeral range is taken")
      .hint("see who listens: ss -ltnp; or give fixed ports: PORTS http=8080");
}

PortLease lease_fixed_port(int port, Binding binding) {
  const std::string hint = "stop that process, or let a free port be chosen: PORTS <name>";
  if (const auto listener = find_tcp_listener(port)) {
    throw Error("take port", std::to_string(port), "taken by " + describe_holder(*listener))
        .hint(hint)
        .exit_code(1);
  }
  PortLease lease{port, lock_port(port), {}};
  if (!lease.lock) {
    const std::string holder = holder_of_lock(port);
    throw Error("take port", std::to_string(port),
                "given to another service" + (holder.empty() ? "" : ", by " + holder))
        .hint(hint)
        .exit_code(1);
  }
  if (binding == Binding::kByUs) lease.listener = listen_on(port);
  return lease;
}

}  // namespace gentle

#include "os/free_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>

#include "base/deadline.h"
#include "base/error.h"
#include "os/file.h"

namespace gentle {
namespace {

// Below 10000 live the well-known servers of a developer's machine.
constexpr int kLowest = 10000;
constexpr int kHighest = 65535;

// Longer than a look at a port takes on a busy machine.
constexpr auto kMoment = std::chrono::seconds(1);

// The ports to choose from, in an order of chance so that concurrent builds rarely meet: from
// anywhere, by steps of a length that has no divisor in common with their number. To shuffle them
// all would cost more than everything else, and most often one of the first is free.
class Candidates {
 public:
  Candidates() {
    const PortRange ephemeral = ephemeral_range();
    below_ = std::clamp(ephemeral.first - kLowest, 0, kAll);
    above_ = std::clamp(kHighest - ephemeral.last, 0, kAll);
    // A machine whose ephemeral range is everything: any port is better than none.
    if (count() == 0) above_ = kAll;
    // Not std::random_device, which asks for the processor's abilities first: each such question
    // leaves a virtual machine.
    const auto chance = [&] {
      unsigned number = 0;
      if (::getentropy(&number, sizeof number) != 0) {
        throw errno_error("choose", "a free port", errno);
      }
      return static_cast<int>(number % static_cast<unsigned>(count()));
    };
    index_ = chance();
    do {
      step_ = chance();
    } while (std::gcd(step_, count()) != 1);
  }

  int count() const { return below_ + above_; }

  int next() {
    index_ = (index_ + step_) % count();
    return index_ < below_ ? kLowest + index_ : kHighest - (index_ - below_);
  }

 private:
  static constexpr int kAll = kHighest - kLowest + 1;

  int below_;  // so many of them are below the ephemeral range,
  int above_;  // and so many above
  int index_;
  int step_;
};

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
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0) return fd;
  if (errno != EADDRINUSE) throw errno_error("lock port", std::to_string(port), errno);
  return {};
}

// Who chooses a free port locks each that it looks at, for a moment.
UniqueFd lock_fixed_port(int port) {
  const TimePoint end = Clock::now() + kMoment;
  for (;;) {
    UniqueFd lock = lock_port(port);
    if (lock || Clock::now() >= end) return lock;
    ::poll(nullptr, 0, 1);
  }
}

// The supervisor that holds the lock, whose command line tells its build; or "". A line of the
// table ends with the inode and, as '@' for the NUL, the name: proc(5).
std::string holder_of_lock(int port) {
  const std::string table = read_file_if_there("/proc/self/net/unix").value_or("");
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
bool is_free_on_ipv6(int port, bool reuse) {
  const UniqueFd fd(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return true;
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (reuse) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(port));
  return ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
         errno != EADDRINUSE;
}

// As strict as the pickiest server: every address, and without SO_REUSEADDR.
bool is_free(int port) {
  const UniqueFd bound = bind_ipv4(port, INADDR_ANY, false);
  // Then it would look as if all were taken.
  if (!bound && (errno == EMFILE || errno == ENFILE)) {
    throw errno_error("look at port", std::to_string(port), errno);
  }
  return bound && is_free_on_ipv6(port, false);
}

UniqueFd listen_on(int port) {
  UniqueFd fd = bind_ipv4(port, INADDR_LOOPBACK, true);
  if (fd && ::listen(fd.get(), SOMAXCONN) != 0) fd.reset();
  return fd;
}

Error taken(int port, const std::string& by_whom) {
  return Error("take port", std::to_string(port), by_whom)
      .hint("stop that process, or let a free port be chosen: PORTS <name>")
      .exit_code(1);
}

}  // namespace

PortRange ephemeral_range() {
  PortRange range{32768, 60999};  // ip(7): the default
  try {
    const std::string text = read_file("/proc/sys/net/ipv4/ip_local_port_range");
    std::sscanf(text.c_str(), "%d %d", &range.first, &range.last);
  } catch (const Error&) {
    // Hidden by a sandbox: the default is the best guess.
  }
  return range;
}

PortLease lease_free_port(Binding binding) {
  Candidates candidates;
  int locked = 0;
  for (int tried = 0; tried < candidates.count(); ++tried) {
    const int port = candidates.next();
    PortLease lease{port, lock_port(port), {}};
    if (!lease.lock) ++locked;
    if (!lease.lock || !is_free(port)) continue;
    if (binding == Binding::kByService) return lease;
    lease.listener = listen_on(port);
    if (lease.listener) return lease;
  }
  const std::string cause = "every port outside the ephemeral range is taken";
  if (locked <= candidates.count() / 2) {
    throw Error("choose", "a free port", cause)
        .hint("see who listens: ss -ltnp; or give fixed ports: PORTS http=8080");
  }
  throw Error("choose", "a free port",
              cause + ", " + std::to_string(locked) + " of them by locks of gentle-port-<n>")
      .hint("see who holds the locks: ss -xap | grep gentle-port-");
}

PortLease lease_fixed_port(int port, Binding binding) {
  if (const auto listener = find_tcp_listener(port)) {
    throw taken(port, "taken by " + describe_holder(*listener));
  }
  PortLease lease{port, lock_fixed_port(port), {}};
  if (!lease.lock) {
    const std::string holder = holder_of_lock(port);
    if (!holder.empty()) throw taken(port, "given to another service, by " + holder);
    throw Error("take port", std::to_string(port),
                "given to another service, by a process that cannot be seen from here")
        .hint("see who holds its lock, as root: ss -xap | grep " + lock_name(port))
        .exit_code(1);
  }
  if (binding == Binding::kByService) return lease;
  lease.listener = listen_on(port);
  if (lease.listener) return lease;
  const int error = errno;
  const auto holder = find_port_holder(port);
  if (!holder) throw errno_error("listen on port", std::to_string(port), error);
  throw taken(port, "taken by " + describe_holder(*holder));
}

std::optional<TcpListener> find_port_holder(int port) {
  if (const auto listener = find_tcp_listener(port)) return listener;
  if (bind_ipv4(port, INADDR_ANY, true) && is_free_on_ipv6(port, true)) return std::nullopt;
  return find_tcp_socket(port);
}

}  // namespace gentle

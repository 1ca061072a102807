// TCP ports for services: chosen outside the kernel's ephemeral range, checked by bind, and held by
// a lock that every build on this machine respects.
//
// The lock of port N is the abstract socket "\0gentle-port-N" (unix(7)): taken atomically, known in
// exactly the network namespace that the port belongs to, gone with its holder however that ends,
// and no file anywhere.
#pragma once

#include <optional>

#include "base/unique_fd.h"
#include "os/tcp_listener.h"

namespace gentle {

struct PortLease {
  int port = 0;
  UniqueFd lock;      // held as long as the port is in use
  UniqueFd listener;  // LISTEN: the bound and listening socket
};

// From where the kernel takes the port of who binds port 0, or connects.
struct PortRange {
  int first;
  int last;
};
PortRange ephemeral_range();

enum class Binding { kByService, kByUs };

// A port that nobody uses and no other service was given.
PortLease lease_free_port(Binding binding);

// The given port. Throws Error, which names who has it, when it is taken.
PortLease lease_fixed_port(int port, Binding binding);

// The socket that keeps a server from the port, listening or not; nothing: a server can have it.
std::optional<TcpListener> find_port_holder(int port);

}  // namespace gentle

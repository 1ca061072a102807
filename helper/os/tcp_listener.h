// Who listens on a TCP port of this machine, without connecting to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gentle {

struct TcpListener {
  std::string host;         // the address to connect to: "127.0.0.1" or "::1"
  std::uint64_t inode = 0;  // of the socket, as in the link /proc/PID/fd/N -> socket:[inode]
  unsigned user = 0;
};

// The listener that a connection to 127.0.0.1:`port`, or else to [::1]:`port`, would reach.
// `only_host`, if not empty, is the one of the two that counts.
std::optional<TcpListener> find_tcp_listener(int port, std::string_view only_host = {});

// Every listener on this machine that a connection to the loopback address may reach; of one port
// perhaps several. Port first.
std::vector<std::pair<int, TcpListener>> all_tcp_listeners();

// Whether the kernel answers for a single port (sock_diag(7)). Where it does not, or a sandbox lets
// nobody ask, find_tcp_listener() reads the table of all sockets.
bool has_sock_diag();

// A socket of some process that is bound to the port at any address, listening or not.
std::optional<TcpListener> find_tcp_socket(int port);

// Whether the process holds the socket. Unknown when its descriptors may not be read.
enum class Holds { kNo, kYes, kUnknown };
Holds holds_socket(int pid, std::uint64_t inode);

// The inodes of all sockets that the process holds; none if its descriptors may not be read.
std::vector<std::uint64_t> sockets_of(int pid);

// Whether one of the processes holds it. Unknown: none can be seen to, but one of the listener's
// user may, whose descriptors may not be read (it runs as another user, or hides them).
Holds any_holds(const std::vector<int>& pids, const TcpListener& listener);

// "pid 123 (nginx: master)": a process that holds the socket, or "" if none can be seen.
std::string describe_holder(std::uint64_t inode);

// The same, with the user if it is another one than ours; the user alone when the process cannot be
// seen.
std::string describe_holder(const TcpListener& listener);

}  // namespace gentle

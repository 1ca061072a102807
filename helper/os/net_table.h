// The tables of sockets in /proc/<pid>/net: tcp, tcp6, udp, udp6 and unix, proc(5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gentle {

struct InetSocket {
  std::string host;  // "127.0.0.1", "::1"
  int port = 0;
  unsigned state = 0;  // TCP_LISTEN and so on; a UDP socket without a peer has TCP_CLOSE
  unsigned user = 0;
  std::uint64_t inode = 0;
};

// What is no line of the table is left out.
std::vector<InetSocket> parse_inet_table(std::string_view table);

struct UnixSocket {
  std::string name;  // the path as it was given to bind, or "@name"; never empty
  int type = 0;      // SOCK_STREAM and so on
  bool listens = false;
  std::uint64_t inode = 0;

  // A datagram socket is there for others as soon as it has a name.
  bool serves() const;
};

std::vector<UnixSocket> parse_unix_table(std::string_view table);

}  // namespace gentle

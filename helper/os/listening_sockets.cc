#include "os/listening_sockets.h"

#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/error.h"
#include "os/file.h"
#include "os/net_table.h"
#include "os/tcp_listener.h"

namespace gentle {
namespace {

using Kind = ListeningSocket::Kind;
using Inodes = std::set<std::uint64_t>;

// The processes of one network namespace: whose tables show their sockets, and which are theirs.
struct Network {
  int pid = 0;
  Inodes inodes;
};

std::string network_of(const std::string& process) {
  char link[64];
  const ssize_t length = ::readlink(("/proc/" + process + "/ns/net").c_str(), link, sizeof link);
  return {link, static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
}

class Collector {
 public:
  void add(const Network& network, bool is_other) {
    network_ = &network;
    is_other_ = is_other;
    for (const char* table : {"tcp", "tcp6"}) add_inet(Kind::kTcp, table, TCP_LISTEN);
    for (const char* table : {"udp", "udp6"}) add_inet(Kind::kUdp, table, TCP_CLOSE);
    for (const UnixSocket& socket : parse_unix_table(read("unix"))) {
      if (!socket.serves() || !network_->inodes.contains(socket.inode)) continue;
      add({.kind = Kind::kUnix, .name = socket.name, .in_other_network = is_other_});
    }
  }

  std::vector<ListeningSocket> take() { return std::move(found_); }

 private:
  std::string read(const char* table) const {
    try {
      return read_file("/proc/" + std::to_string(network_->pid) + "/net/" + table);
    } catch (const Error&) {
      return "";  // the process is gone, or the kernel has no IPv6
    }
  }

  void add_inet(Kind kind, const char* table, unsigned state) {
    for (const InetSocket& socket : parse_inet_table(read(table))) {
      if (socket.state != state || !network_->inodes.contains(socket.inode)) continue;
      add({.kind = kind, .host = socket.host, .port = socket.port, .in_other_network = is_other_});
    }
  }

  // Workers may each have a socket of their own on the same port.
  void add(ListeningSocket socket) {
    const auto key = [](const ListeningSocket& s) {
      return std::tie(s.kind, s.host, s.port, s.name, s.in_other_network);
    };
    const auto is_same = [&](const ListeningSocket& other) { return key(other) == key(socket); };
    if (std::none_of(found_.begin(), found_.end(), is_same)) found_.push_back(std::move(socket));
  }

  const Network* network_ = nullptr;
  bool is_other_ = false;
  std::vector<ListeningSocket> found_;
};

}  // namespace

std::vector<ListeningSocket> listening_sockets(const std::vector<int>& pids) {
  std::map<std::string, Network> networks;
  for (const int pid : pids) {
    const std::vector<std::uint64_t> inodes = sockets_of(pid);
    if (inodes.empty()) continue;
    Network& network = networks[network_of(std::to_string(pid))];
    network.pid = pid;
    network.inodes.insert(inodes.begin(), inodes.end());
  }
  const std::string ours = network_of("self");
  Collector collector;
  for (const auto& [name, network] : networks) collector.add(network, name != ours);
  std::vector<ListeningSocket> found = collector.take();
  // The tables have no order that would tell anything.
  std::sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
    return std::tie(left.port, left.host, left.name) < std::tie(right.port, right.host, right.name);
  });
  return found;
}

}  // namespace gentle

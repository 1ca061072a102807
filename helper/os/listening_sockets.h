// What processes listen on, whatever it is: for people, when it is not what was waited for.
#pragma once

#include <string>
#include <vector>

namespace gentle {

struct ListeningSocket {
  enum class Kind { kTcp, kUdp, kUnix };

  Kind kind = Kind::kTcp;
  std::string host{};  // of TCP and UDP: "0.0.0.0", "::1"
  int port = 0;
  std::string name{};             // of UNIX: its path as it was bound, or "@name"
  bool in_other_network = false;  // in a network namespace that is not ours
};

// Each once. Of a process whose descriptors may not be read nothing is known.
std::vector<ListeningSocket> listening_sockets(const std::vector<int>& pids);

}  // namespace gentle

// The listener of a port, if it is the service's own: shared by TCP and HTTP.
#pragma once

#include <string_view>

#include "os/tcp_listener.h"
#include "probe/probe.h"

namespace gentle {

class OwnListener {
 public:
  // `only_host`: "127.0.0.1" or "::1" if only that one counts.
  OwnListener(int port, const ProbeContext& context, std::string_view only_host = {})
      : port_(port), context_(context), only_host_(only_host) {}

  // Nothing yet: nobody listens. Throws Error, which names the stranger, when the port stays taken
  // by a process that is not of the service's tree.
  std::optional<TcpListener> find(TimePoint now);

  // Empty, or what could not be made sure of the listener that was found.
  const std::string& doubt() const { return doubt_; }

 private:
  Holds held_by_service(const TcpListener& listener) const;

  int port_;
  ProbeContext context_;
  std::string only_host_;
  std::uint64_t strange_inode_ = 0;  // of a listener that seemed to be none of the service's
  TimePoint strange_since_{};
  std::string doubt_;
};

}  // namespace gentle

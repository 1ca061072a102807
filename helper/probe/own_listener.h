// The listener of a port, if it is the service's own, or, with FOREIGN, anybody's: shared by TCP
// and HTTP.
#pragma once

#include <string_view>

#include "base/unique_fd.h"
#include "os/tcp_listener.h"
#include "probe/probe.h"

namespace gentle {

// What forwards a port need not listen: docker without its proxy has the kernel do it (DNAT), of
// which no table of sockets tells. So a connection is tried.
class Forwarder {
 public:
  // The host that answers.
  std::optional<std::string> look(int port, std::string_view only_host, TimePoint now);
  // The connection is under way.
  bool is_looking() const { return static_cast<bool>(connection_); }

 private:
  UniqueFd connection_;
  std::string host_ = "::1";  // that was tried last
  TimePoint since_{};
};

class OwnListener {
 public:
  // `only_host`: "127.0.0.1" or "::1" if only that one counts. `foreign`: of whatever process; who
  // answers already, before the start, is an Error.
  OwnListener(int port, const ProbeContext& context, std::string_view only_host = {},
              bool foreign = false);

  // Nothing yet: nobody listens. Throws Error, which names the stranger, when the port stays taken
  // by a process that is not of the service's tree.
  std::optional<TcpListener> find(TimePoint now);

  // What find() has begun has no result yet.
  bool is_looking() const { return forwarder_.is_looking(); }

  // Empty, or what could not be made sure of the listener that was found.
  const std::string& doubt() const { return doubt_; }

  // Nobody listened when the time was up: looks where the service listens instead.
  void look_elsewhere();
  // "; it listens on 0.0.0.0:18099 ...", or "".
  const std::string& elsewhere() const { return elsewhere_; }

 private:
  // Nobody is seen to listen on this machine, and a connection is accepted all the same.
  bool is_forwarded() const;
  void refuse_who_answers() const;
  std::optional<TcpListener> find_foreign(const std::optional<TcpListener>& seen, TimePoint now);
  Holds held_by_service(const TcpListener& listener) const;

  int port_;
  ProbeContext context_;
  std::string only_host_;
  bool foreign_;
  Forwarder forwarder_;
  std::uint64_t strange_inode_ = 0;  // of a listener that seemed to be none of the service's
  TimePoint strange_since_{};
  std::string doubt_;
  bool is_found_ = false;
  std::string elsewhere_;
};

}  // namespace gentle

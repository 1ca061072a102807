#include "probe/own_listener.h"

#include "base/error.h"
#include "base/exit_code.h"

namespace gentle {
namespace {

// The table of listeners and the tree of processes are read one after the other: a listener of a
// process that ends or forks in between looks like a stranger's, for a moment.
constexpr auto kMoment = std::chrono::milliseconds(50);

}  // namespace

std::optional<TcpListener> OwnListener::find(TimePoint now) {
  const auto listener = find_tcp_listener(port_, only_host_);
  if (!listener || any_holds(context_.leading_pids(), *listener) ||
      any_holds(context_.service_pids(), *listener)) {
    strange_inode_ = 0;
    return listener;
  }
  if (listener->inode != strange_inode_) {
    strange_inode_ = listener->inode;
    strange_since_ = now;
  }
  if (now - strange_since_ < kMoment) return std::nullopt;
  throw Error("start service", context_.service,
              "port " + std::to_string(port_) + " is taken by " + describe_holder(*listener) +
                  ", not by this service")
      .hint("stop that process, or let a free port be chosen: PORTS <name>")
      .exit_code(kExitFailed);
}

}  // namespace gentle

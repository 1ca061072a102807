#include "probe/own_listener.h"

#include "base/error.h"
#include "base/exit_code.h"

namespace gentle {
namespace {

// The table of listeners and the tree of processes are read one after the other: a listener of a
// process that ends or forks in between looks like a stranger's, for a moment.
constexpr auto kMoment = std::chrono::milliseconds(50);
// One that nobody holds is closed just now, by a process that ends and has few processors; or its
// holder cannot be seen.
constexpr auto kLongMoment = std::chrono::seconds(1);

}  // namespace

// The quick look first.
Holds OwnListener::held_by_service(const TcpListener& listener) const {
  const Holds held = any_holds(context_.leading_pids(), listener);
  return held == Holds::kYes ? held : any_holds(context_.service_pids(), listener);
}

std::optional<TcpListener> OwnListener::find(TimePoint now) {
  const auto listener = find_tcp_listener(port_, only_host_);
  const Holds held = listener ? held_by_service(*listener) : Holds::kNo;
  if (!listener || held != Holds::kNo) {
    strange_inode_ = 0;
    doubt_ = held != Holds::kUnknown
                 ? ""
                 : "who listens on port " + std::to_string(port_) +
                       " is known by the user only: the descriptors of the service may not be read";
    return listener;
  }
  if (listener->inode != strange_inode_) {
    strange_inode_ = listener->inode;
    strange_since_ = now;
  }
  const Duration strange_for = now - strange_since_;
  if (strange_for < kMoment) return std::nullopt;
  if (strange_for < kLongMoment && describe_holder(listener->inode).empty()) return std::nullopt;
  throw Error("start service", context_.service,
              "port " + std::to_string(port_) + " is taken by " + describe_holder(*listener) +
                  ", not by this service")
      .hint("stop that process, or let a free port be chosen: PORTS <name>")
      .exit_code(kExitFailed);
}

}  // namespace gentle

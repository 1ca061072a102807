#include "probe/own_listener.h"

#include "base/error.h"
#include "base/exit_code.h"
#include "os/tcp_connect.h"
#include "probe/elsewhere.h"

namespace gentle {
namespace {

// The table of listeners and the tree of processes are read one after the other: a listener of a
// process that ends or forks in between looks like a stranger's, for a moment.
constexpr auto kMoment = std::chrono::milliseconds(50);
// One that nobody holds is closed just now, by a process that ends and has few processors; or its
// holder cannot be seen.
constexpr auto kLongMoment = std::chrono::seconds(1);

// A connection that nobody answers is given up: whoever forwards it has nobody yet to forward it
// to.
constexpr auto kOneTry = std::chrono::seconds(1);
// What answers at all answers much sooner; nothing else can be done meanwhile.
constexpr auto kShortTry = std::chrono::milliseconds(200);

}  // namespace

std::optional<std::string> Forwarder::look(int port, std::string_view only_host, TimePoint now) {
  if (!connection_) {
    host_ = !only_host.empty() ? only_host : host_ == "::1" ? "127.0.0.1" : "::1";
    connection_ = start_connect(host_, port);
    since_ = now;
    if (!connection_) return std::nullopt;
  }
  switch (is_connected(connection_.get())) {
    case Connected::kYes:
      connection_.reset();
      return host_;
    case Connected::kNo:
      connection_.reset();
      break;
    case Connected::kNotYet:
      if (now - since_ >= kOneTry) connection_.reset();
      break;
  }
  return std::nullopt;
}

OwnListener::OwnListener(int port, const ProbeContext& context, std::string_view only_host,
                         bool foreign)
    : port_(port), context_(context), only_host_(only_host), foreign_(foreign) {
  if (foreign_) refuse_who_answers();
}

bool OwnListener::is_forwarded() const {
  for (const char* host : {"127.0.0.1", "::1"}) {
    if (!only_host_.empty() && only_host_ != host) continue;
    const UniqueFd connection = start_connect(host, port_);
    if (connection && wait_until_connected(connection.get(), kShortTry)) return true;
  }
  return false;
}

// Yesterday's server would be taken for the one that this start brings.
void OwnListener::refuse_who_answers() const {
  std::string who;
  if (const auto listener = find_tcp_listener(port_, only_host_)) {
    who = describe_holder(*listener) + " listens already, before the start";
  } else if (is_forwarded()) {
    who =
        "somebody whom the kernel forwards it to (docker, iptables) answers already, before the "
        "start";
  } else {
    return;
  }
  throw Error("start service", context_.service, "on port " + std::to_string(port_) + " " + who)
      .hint("stop that first; FOREIGN is for a process that begins to listen after the start")
      .exit_code(kExitFailed);
}

std::optional<TcpListener> OwnListener::find_foreign(const std::optional<TcpListener>& seen,
                                                     TimePoint now) {
  if (seen) return seen;
  const auto host = forwarder_.look(port_, only_host_, now);
  return host ? std::optional(TcpListener{*host}) : std::nullopt;
}

// The quick look first.
Holds OwnListener::held_by_service(const TcpListener& listener) const {
  const Holds held = any_holds(context_.leading_pids(), listener);
  return held == Holds::kYes ? held : any_holds(context_.service_pids(), listener);
}

std::optional<TcpListener> OwnListener::find(TimePoint now) {
  const auto listener = find_tcp_listener(port_, only_host_);
  is_found_ = listener.has_value();
  if (foreign_) return find_foreign(listener, now);
  const Holds held = listener ? held_by_service(*listener) : Holds::kNo;
  if (!listener || held != Holds::kNo) {
    strange_inode_ = 0;
    doubt_ = held != Holds::kUnknown
                 ? ""
                 : "cannot verify who listens on port " + std::to_string(port_) +
                       ": the descriptors of the service may not be read, so the listener's user "
                       "decides";
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
      .hint(
          "stop that process, or let a free port be chosen: PORTS <name>; add FOREIGN if that is "
          "meant, as with docker or ssh -L: READY TCP <port> FOREIGN")
      .exit_code(kExitFailed);
}

void OwnListener::look_elsewhere() {
  if (is_found_) return;
  elsewhere_ = tcp_elsewhere(port_, only_host_, context_);
  if (elsewhere_.empty() && !foreign_ && is_forwarded()) {
    elsewhere_ =
        " here, but the kernel forwards the port to somebody who answers (docker, iptables): add "
        "FOREIGN if that is meant";
  }
}

}  // namespace gentle

#include "probe/own_listener.h"

#include "base/error.h"
#include "base/exit_code.h"

namespace gentle {

std::optional<TcpListener> find_own_listener(int port, const ProbeContext& context,
                                             std::string_view only_host) {
  const auto listener = find_tcp_listener(port, only_host);
  if (!listener || any_holds(context.service_pids(), *listener)) return listener;
  // Asked again: a process that ends or forks just now may have held it a moment ago.
  const auto again = find_tcp_listener(port, only_host);
  if (!again || any_holds(context.service_pids(), *again)) return again;
  throw Error("start service", context.service,
              "port " + std::to_string(port) + " is taken by " + describe_holder(*again) +
                  ", not by this service")
      .hint("stop that process, or let a free port be chosen: PORTS <name>")
      .exit_code(kExitFailed);
}

}  // namespace gentle

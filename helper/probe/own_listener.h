// The listener of a port, if it is the service's own: shared by TCP and HTTP.
#pragma once

#include <string_view>

#include "os/tcp_listener.h"
#include "probe/probe.h"

namespace gentle {

// Nothing yet: nobody listens. Throws Error, which names the stranger, when the port is taken by a
// process that is not of the service's tree.
std::optional<TcpListener> find_own_listener(int port, const ProbeContext& context,
                                             std::string_view only_host = {});

}  // namespace gentle

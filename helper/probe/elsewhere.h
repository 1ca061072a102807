// Where a service listens that does not listen where its READY says: for the message.
#pragma once

#include <string>
#include <string_view>

#include "probe/probe.h"

namespace gentle {

// "; it listens on 0.0.0.0:18099; does COMMAND pass @API_PORT@?", or "" if there is nothing to
// tell. Port 0: whichever it chooses. `only_host`: "127.0.0.1" or "::1" if only that one counts.
std::string tcp_elsewhere(int port, std::string_view only_host, const ProbeContext& context);

// Of a port of the service that it does not listen on: "on port 8080 of the service nobody listens;
// it listens on ...", or "".
std::string ports_elsewhere(const ProbeContext& context);

// "; it listens on /tmp/api.sock", or "".
std::string unix_elsewhere(const ProbeContext& context);

}  // namespace gentle

// One datagram of the sd_notify protocol: lines of NAME=value. Source: sd_notify(3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/deadline.h"

namespace gentle {

struct NotifyMessage {
  bool ready = false;                      // READY=1
  bool stopping = false;                   // STOPPING=1
  std::optional<std::string> status;       // STATUS=, printable
  std::optional<int> error_number;         // ERRNO=
  std::optional<int> main_pid;             // MAINPID=
  std::optional<Duration> extend_timeout;  // EXTEND_TIMEOUT_USEC=
};

// Unknown lines and malformed values are skipped, as the protocol asks.
NotifyMessage parse_notify_message(std::string_view text);

}  // namespace gentle

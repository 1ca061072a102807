// What a supervisor is asked by its control socket: one line, "<verb>", "<verb> <owner>" or, to
// start, "<verb> <owner> <configuration>".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/process_id.h"

namespace gentle {

enum class Verb {
  kStart,          // share the service; the reply comes when it is ready
  kStartAndLeave,  // the same, and it stays when this owner has ended
  kStop,           // give it up; the reply comes at its end, or at once if others use it
  kStatus,         // the state, as JSON
  kProgress,       // what is waited for, a line
};

struct ControlRequest {
  Verb verb = Verb::kStatus;
  ProcessId owner = {};  // nobody: a start stays until somebody stops it, a stop is for all
  std::string configuration = {};  // of a start, in a build of several

  bool operator==(const ControlRequest&) const = default;
};

std::string to_text(const ControlRequest& request);  // without a newline

// Nothing for any other line. An owner that cannot be read is nobody.
std::optional<ControlRequest> parse_control_request(std::string_view line);

}  // namespace gentle

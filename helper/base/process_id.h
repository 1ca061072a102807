#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gentle {

// A process that no later one can be mistaken for: a pid is used again, a pid with its start time
// (clock ticks since boot, field 22 of /proc/PID/stat) within one boot is not.
struct ProcessId {
  int pid = 0;
  std::uint64_t start_time = 0;

  bool operator==(const ProcessId&) const = default;
};

// "<pid>-<start time>": in names of folders and sockets, in variables and in requests.
std::string to_text(const ProcessId& id);

// Nothing for any other text, and for nobody (ProcessId{}).
std::optional<ProcessId> parse_process_id(std::string_view text);

}  // namespace gentle

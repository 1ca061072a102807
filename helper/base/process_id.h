#pragma once

#include <cstdint>

namespace gentle {

// A process that no later one can be mistaken for: a pid is used again, a pid with its start time
// (clock ticks since boot, field 22 of /proc/PID/stat) within one boot is not.
struct ProcessId {
  int pid = 0;
  std::uint64_t start_time = 0;

  bool operator==(const ProcessId&) const = default;
};

}  // namespace gentle

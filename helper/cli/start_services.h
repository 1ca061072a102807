// Starts and stops several services, and prints a line as each is done: `gentle start`, `stop` and
// `restart`.
#pragma once

#include <optional>
#include <vector>

#include "base/process_id.h"
#include "supervise/dependencies.h"

namespace gentle {

// In this order, for the ctest `owner`, or by hand. Ends with the first that does not become ready,
// and names those that are not started for that. Returns the exit code.
int start_services(const std::vector<LoadedSpec>& services, const std::optional<ProcessId>& owner);

// In this order; all, whatever becomes of one. Returns the worst exit code.
int stop_services(const std::vector<LoadedSpec>& services, const std::optional<ProcessId>& owner);

}  // namespace gentle

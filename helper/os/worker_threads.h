// Work that many processors share.
#pragma once

#include <cstddef>
#include <functional>

namespace gentle {

// Calls the worker on this thread, and at the same time on as many others as there are processors
// and jobs for them; returns when all have returned. What one throws is thrown here.
void run_workers(std::size_t jobs, const std::function<void()>& worker);

}  // namespace gentle

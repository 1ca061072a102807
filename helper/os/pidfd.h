// A descriptor that becomes readable when a process ends, child or not (Linux 5.3).
#pragma once

#include "base/deadline.h"
#include "base/process_id.h"
#include "base/unique_fd.h"

namespace gentle {

// Empty if the process is gone, is another one by now, or the kernel has no pidfd_open.
UniqueFd open_pidfd(const ProcessId& id);

// Whether the process is gone: by its descriptor, or if that is empty by a look.
bool has_ended(const UniqueFd& pidfd, const ProcessId& id);

// Waits until the process is gone, at most until `deadline`. Whether it is.
bool wait_until_gone(const ProcessId& id, TimePoint deadline);

}  // namespace gentle

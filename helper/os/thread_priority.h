// A thread that gives way to all others.
#pragma once

namespace gentle {

// This thread's, not its process's: nice 10, and the disk only while nobody else needs it (on Linux
// both belong to a thread: sched(7), ioprio_set(2)). What the kernel refuses stays as it is.
void lower_priority_of_this_thread();

}  // namespace gentle

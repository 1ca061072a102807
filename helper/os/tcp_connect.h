// A connection to a port of this machine.
#pragma once

#include <string>

#include "base/deadline.h"
#include "base/unique_fd.h"

namespace gentle {

// Begins to connect to 127.0.0.1, or to ::1 if that is the host, and does not wait for it. Empty:
// refused at once.
UniqueFd start_connect(const std::string& host, int port);

// Whether the connection that was begun is made. One whose end is its own beginning is none: the
// kernel may have chosen the very port that it was to reach, where nobody listens, tcp(7).
enum class Connected { kNotYet, kYes, kNo };
Connected is_connected(int fd);

// The same, and waits for it; false: not within that time.
bool wait_until_connected(int fd, Duration limit);

}  // namespace gentle

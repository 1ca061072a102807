#include "os/pidfd.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/process.h"

namespace gentle {

UniqueFd open_pidfd(const ProcessId& id) {
  UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_open, id.pid, 0)));
  // Compared after the open: from here on the descriptor means this process and no later one.
  if (fd && !is_alive(id)) fd.reset();
  return fd;
}

bool has_ended(const UniqueFd& pidfd, const ProcessId& id) {
  if (!pidfd) return !is_alive(id);
  pollfd entry{pidfd.get(), POLLIN, 0};
  return ::poll(&entry, 1, 0) == 1;
}

bool wait_until_gone(const ProcessId& id, TimePoint deadline) {
  const UniqueFd fd = open_pidfd(id);
  while (is_alive(id)) {
    const auto left = milliseconds(deadline - Clock::now());
    if (left < 0) return false;
    pollfd entry{fd.get(), POLLIN, 0};
    // Without a pidfd (poll then skips the entry) it is looked at again every 5 ms.
    if (::poll(&entry, 1, static_cast<int>(fd ? left + 1 : 5)) == 1) return true;
  }
  return true;
}

}  // namespace gentle

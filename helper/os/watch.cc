#include "os/watch.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace gentle {

// Descriptors or watches may be used up (fs.inotify.max_user_instances): then fd() is -1 and the
// slow backstop of the caller has to do.
Watch::Watch() : fd_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

bool Watch::add_folder(const std::string& path) {
  constexpr unsigned kChanges =
      IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF;
  return ::inotify_add_watch(fd_.get(), path.c_str(), kChanges | IN_ONLYDIR) >= 0;
}

bool Watch::add_file(const std::string& path) {
  return ::inotify_add_watch(fd_.get(), path.c_str(), IN_MODIFY) >= 0;
}

void Watch::drain() {
  char buffer[4096];
  while (::read(fd_.get(), buffer, sizeof buffer) > 0) {
  }
}

// F_NOTIFY of fcntl(2). The owner of the signal is noted in the open file, which is shared with
// whoever gave us `folder`: so another one is opened.
UniqueFd signal_removals(int folder) {
  UniqueFd fd(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd && ::fcntl(fd.get(), F_NOTIFY, DN_DELETE | DN_MULTISHOT) != 0) fd.reset();
  return fd;
}

}  // namespace gentle

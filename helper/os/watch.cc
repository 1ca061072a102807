#include "os/watch.h"

#include <fcntl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace gentle {
namespace {

// Of those that wait for nobody to read them there is one at most, however much is written; and
// nothing else sends this one to us.
constexpr int kChanged = SIGURG;

// The owner of the signal is noted in the open file: so each watch opens one of its own.
UniqueFd notify(int base, const char* folder, int signal, unsigned changes) {
  UniqueFd fd(::openat(base, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd && (::fcntl(fd.get(), F_SETSIG, signal) != 0 ||
             ::fcntl(fd.get(), F_NOTIFY, changes | DN_MULTISHOT) != 0)) {
    fd.reset();
  }
  return fd;
}

}  // namespace

Watch::Watch() {
  sigset_t changed;
  ::sigemptyset(&changed);
  ::sigaddset(&changed, kChanged);
  ::sigprocmask(SIG_BLOCK, &changed, nullptr);
  told_.reset(::signalfd(-1, &changed, SFD_CLOEXEC | SFD_NONBLOCK));
}

bool Watch::add_folder(const std::string& path) {
  constexpr unsigned kChanges = DN_CREATE | DN_MODIFY | DN_RENAME | DN_ATTRIB;
  UniqueFd& fd = folders_[path];
  fd = notify(AT_FDCWD, path.c_str(), kChanged, kChanges);
  return told_ && fd;
}

bool Watch::add_file(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return add_folder(".");
  return add_folder(path.substr(0, slash + 1));
}

// Of one signal no more than one waits. In a folder that changes all the time, another one waits
// after each that is read.
void Watch::drain() {
  signalfd_siginfo info{};
  while (::read(told_.get(), &info, sizeof info) < 0 && errno == EINTR) {
  }
}

UniqueFd signal_removals(int folder) { return notify(folder, ".", SIGIO, DN_DELETE); }

}  // namespace gentle

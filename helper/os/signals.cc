#include "os/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/error.h"

namespace gentle {

SignalFd::SignalFd(std::initializer_list<int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) ::sigaddset(&set, signal);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  // An ignored signal is dropped before any descriptor sees it; ctest may have been started so.
  for (const int signal : signals) ::signal(signal, SIG_DFL);
  fd_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd_) throw errno_error("listen for", "signals", errno);
}

std::optional<ReceivedSignal> SignalFd::read() {
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof info) != sizeof info) return std::nullopt;
  return ReceivedSignal{static_cast<int>(info.ssi_signo), info.ssi_code == SI_KERNEL,
                        static_cast<int>(info.ssi_pid)};
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

void correct_inherited_signals() {
  ::signal(SIGCHLD, SIG_DFL);  // ignored, ends of children are not told: wait(2)
  ::signal(SIGPIPE, SIG_DFL);  // ignored, `gentle logs --follow | head` would never end
  // Past the limit on the size of files (setrlimit(2)) a write shall fail, not kill.
  ::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace gentle

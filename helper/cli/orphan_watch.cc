#include "cli/orphan_watch.h"

#include <unistd.h>

#include <csignal>

#include "cli/caller.h"
#include "os/pidfd.h"
#include "os/process.h"

namespace gentle {
namespace {

constexpr auto kGrace = std::chrono::seconds(2);

}  // namespace

OrphanWatch::OrphanWatch() : ctest_(calling_ctest()) {
  if (ctest_) pidfd_ = open_pidfd(*ctest_);
}

void OrphanWatch::look() {
  if (ctest_ && has_ended(pidfd_, *ctest_)) {
    ctest_.reset();
    pidfd_.reset();
    for (const int pid : descendants_of(::getpid())) told_.push_back(identify(pid));
    signal_all(SIGTERM);
    kill_at_ = Clock::now() + kGrace;
  }
  std::erase_if(told_, [](const ProcessId& id) { return !is_alive(id); });
  if (Clock::now() >= kill_at_) signal_all(SIGKILL);
}

void OrphanWatch::signal_all(int signal) const {
  for (const ProcessId& id : told_) ::kill(id.pid, signal);
}

}  // namespace gentle

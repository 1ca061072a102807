#include "supervise/service_tree.h"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "os/process.h"

namespace gentle {

ServiceTree::ServiceTree(std::function<std::vector<int>()> members,
                         std::function<bool(int pid)> is_stopped)
    : members_(std::move(members)), is_stopped_(std::move(is_stopped)) {}

void ServiceTree::main_started(int pid) {
  main_ = pid;
  group_ = ::getpgid(pid);
}

std::vector<int> ServiceTree::receivers(Target target) const {
  // What /proc tells of children may miss one while others come and go: main is not left to that.
  if (target == Target::kMain) return main_ > 0 ? std::vector<int>{main_} : std::vector<int>{};
  std::vector<int> pids = members_();
  std::erase_if(pids, [&](int pid) {
    const bool in_group = ::getpgid(pid) == group_;
    return !runs(pid) || (target == Target::kGroup && !in_group) ||
           (target == Target::kRest && in_group);
  });
  return pids;
}

void ServiceTree::send(int pid, int signal) {
  told_.push_back(pid);
  ::kill(pid, signal);
  if (is_stopped_(pid)) ::kill(pid, SIGCONT);
}

void ServiceTree::send(const SignalOrder& order) {
  std::vector<int> pids = receivers(order.target);
  std::erase_if(pids,
                [&](int pid) { return std::find(told_.begin(), told_.end(), pid) != told_.end(); });
  // The group at once, so that no fork escapes it; unless one of it must not get it again.
  const bool to_group = order.target == Target::kGroup && group_ > 0 && told_.empty();
  if (to_group) ::kill(-group_, order.signal);
  for (const int pid : pids) {
    if (order.signal == SIGKILL) note_killed(pid);
    if (!to_group) ::kill(pid, order.signal);
    // A stopped process would act on the signal only when it is continued.
    if (order.signal != SIGKILL && is_stopped_(pid)) ::kill(pid, SIGCONT);
  }
}

void ServiceTree::note_killed(int pid) {
  const std::string text = std::to_string(pid) + " (" + command_line(pid) + ")";
  if (std::find(killed_.begin(), killed_.end(), text) == killed_.end()) killed_.push_back(text);
}

}  // namespace gentle

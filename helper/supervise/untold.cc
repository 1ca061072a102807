#include "supervise/untold.h"

#include <algorithm>

#include "os/activity.h"
#include "os/process.h"

namespace gentle {

Untold::Untold(const ProcessId& main, int signal) : main_(main), signal_(signal) {
  for (const int pid : descendants_of(main.pid)) {
    const auto stat = process_stat(pid);
    if (!stat || stat->is_over()) continue;
    processes_.push_back({{pid, stat->start_time}, stat->parent, sleeps_of(pid)});
  }
}

const Untold::Process* Untold::find(int pid) const {
  const auto found = std::find_if(processes_.begin(), processes_.end(),
                                  [&](const Process& process) { return process.id.pid == pid; });
  return found == processes_.end() ? nullptr : &*found;
}

bool Untold::cannot_act(const ProcessId& id) const {
  return signal_fate(id.pid, signal_) == SignalFate::kIgnored || only_waits_for_children(id.pid);
}

bool Untold::may_tell(int parent) const {
  const Process* known = find(parent);
  const ProcessId& id = known != nullptr ? known->id : main_;
  if (!is_alive(id)) return false;
  return (known != nullptr && known->told == Process::Told::kOpen) || !cannot_act(id);
}

std::vector<int> Untold::take() {
  std::vector<int> found;
  for (Process& process : processes_) {
    if (process.told != Process::Told::kOpen || !is_alive(process.id)) continue;
    if (may_tell(process.parent)) continue;
    const bool slept = process.sleeps && sleeps_of(process.id.pid) == process.sleeps;
    process.told = slept ? Process::Told::kByUs : Process::Told::kMaybe;
    // Of what ignores the signal the children are told in its place.
    const bool ignores = signal_fate(process.id.pid, signal_) == SignalFate::kIgnored;
    if (slept && !ignores) found.push_back(process.id.pid);
  }
  return found;
}

bool Untold::is_in_vain(const std::vector<int>& running) const {
  if (processes_.empty()) return false;
  // It is about to learn of the end of its last child, and may act after that.
  const bool is_alone = running.size() == 1 && running.front() == main_.pid;
  if (is_alone && signal_fate(main_.pid, signal_) != SignalFate::kIgnored) return false;
  return std::all_of(running.begin(), running.end(), [&](int pid) {
    if (pid == main_.pid) return is_alive(main_) && cannot_act(main_);
    const Process* known = find(pid);
    if (known == nullptr || !is_alive(known->id)) return false;
    if (known->told == Process::Told::kByUs) return cannot_act(known->id);
    return known->told == Process::Told::kMaybe && only_waits_for_children(pid);
  });
}

}  // namespace gentle

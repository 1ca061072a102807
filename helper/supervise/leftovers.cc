#include "supervise/leftovers.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/deadline.h"
#include "os/pidfd.h"
#include "os/process.h"
#include "supervise/lifecycle.h"
#include "supervise/service_tree.h"

namespace gentle {
namespace {

// How long what forks while it is read may be overlooked.
constexpr auto kLookAgain = std::chrono::milliseconds(50);

// Until one of them ends, or it is time.
void wait_for_an_end(const std::vector<int>& pids, TimePoint until) {
  std::vector<UniqueFd> fds;
  std::vector<pollfd> entries;
  for (const int pid : pids) {
    fds.push_back(open_pidfd(identify(pid)));
    entries.push_back({fds.back().get(), POLLIN, 0});
  }
  const auto wait = std::min(until - Clock::now(), Duration(kLookAgain));
  const int ms = static_cast<int>(std::max<std::int64_t>(0, milliseconds(wait)));
  ::poll(entries.data(), entries.size(), ms + 1);
}

// With its supervisor the kernel has sent the main process its first signal (PR_SET_PDEATHSIG in
// launch_service), and a second one may mean "quit now" to it; but not if it has changed its user
// meanwhile, which takes that back: prctl(2). Nor is that so of one that it has handed over to.
bool was_told_by_kernel(const State& state) {
  const auto user = user_of(state.main.pid);
  return !state.handed_over && user && *user == ::geteuid();
}

std::string variable_of(const std::string& mark) {
  std::string variable = kSupervisorVariable;  // not by +, of which gcc 12 warns for nothing
  variable += "=" + mark;
  return variable;
}

// A number stays taken while a group or a session has it. So if there is a process of this number
// that is another one, nothing of ours has it any more; and what is older never had.
std::vector<int> members_of(int id, const ProcessId& since) {
  if (id <= 0) return {};
  const auto leader = process_stat(id);
  if (leader && ProcessId{id, leader->start_time} != since) return {};
  return processes_where([&](const ProcessStat& stat) {
    return (stat.group == id || stat.session == id) && stat.start_time >= since.start_time &&
           !stat.is_over();
  });
}

// Another supervisor's: it is none of ours, whatever its group.
bool has_other_mark(int pid, const ProcessId& supervisor) {
  const std::string mark = variable_value(pid, kSupervisorVariable);
  return !mark.empty() && mark != to_text(supervisor) && mark != readiness_mark(supervisor);
}

}  // namespace

std::string readiness_mark(const ProcessId& supervisor) { return to_text(supervisor) + " ready"; }

std::vector<std::string> end_left_by_readiness(const Spec& spec, const ProcessId& supervisor,
                                               const std::function<std::vector<int>()>& find) {
  std::vector<std::string> ended;
  const auto is_command = [](const ReadySpec& ready) { return ready.kind == ReadyKind::kCommand; };
  if (std::none_of(spec.ready.begin(), spec.ready.end(), is_command)) return ended;
  const std::string mark = variable_of(readiness_mark(supervisor));
  for (const int pid : find()) {
    if (!has_variable(pid, mark)) continue;
    ended.push_back(std::to_string(pid) + " (" + command_line(pid) + ")");
    // Nobody waits for one that would not hear of it.
    const bool hears = signal_fate(pid, SIGTERM) != SignalFate::kIgnored;
    ::kill(pid, hears ? SIGTERM : SIGKILL);
    ::kill(pid, SIGCONT);
  }
  return ended;
}

std::vector<int> processes_of(const State& state) {
  if (state.boot_id != boot_id()) return {};
  std::vector<int> pids = processes_with(variable_of(to_text(state.supervisor)));
  const std::vector<int> more = processes_with(variable_of(readiness_mark(state.supervisor)));
  pids.insert(pids.end(), more.begin(), more.end());
  for (const int id : {state.session, state.main.pid}) {
    for (const int pid : members_of(id, state.main.pid == id ? state.main : state.supervisor)) {
      if (!has_other_mark(pid, state.supervisor)) pids.push_back(pid);
    }
  }
  std::erase_if(pids, [](int pid) { return pid == ::getpid() || descends_from(::getpid(), pid); });
  std::sort(pids.begin(), pids.end());
  pids.erase(std::unique(pids.begin(), pids.end()), pids.end());
  return pids;
}

std::vector<std::string> end_leftovers(const Spec& spec, const State& state,
                                       const std::function<std::vector<int>()>& find) {
  // What has ended since it was found may have forked first: only if a second look finds no more
  // than that, nothing runs. (A zombie may stay that a debugger has not let go.)
  const auto find_running = [&] {
    for (std::vector<int> ended;;) {
      const std::vector<int> pids = find();
      std::vector<int> running = pids;
      std::erase_if(running, [](int pid) { return !runs(pid); });
      if (!running.empty() || pids == ended) return running;
      ended = pids;
    }
  };
  Lifecycle life(spec, Clock::now());
  ServiceTree tree(find_running, may_be_stopped);
  end_left_by_readiness(spec, state.supervisor, find_running);
  bool main_runs = is_alive(state.main);
  if (main_runs) tree.main_started(state.main.pid);
  // Sends nothing, and continues it if it is stopped and has not acted on that yet.
  if (main_runs && was_told_by_kernel(state)) tree.send(state.main.pid, 0);
  life.stop(Cause::kAbandoned, Clock::now());
  if (!main_runs) life.main_ended({}, Clock::now());
  for (auto pids = find_running(); !pids.empty() && !life.gave_up(); pids = find_running()) {
    for (const SignalOrder& order : life.take_orders()) {
      if (!life.is_first_step()) tree.forget_told();
      tree.send(order);
    }
    wait_for_an_end(pids, life.next_event());
    if (main_runs && !is_alive(state.main)) {
      main_runs = false;
      tree.main_ended();
      life.main_ended({}, Clock::now());
    }
    life.time_passed(Clock::now());
  }
  return tree.killed();
}

}  // namespace gentle

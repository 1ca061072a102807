#include "os/tracer.h"

#include <elf.h>
#include <linux/kcmp.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include "os/process.h"
#include "os/processor.h"

namespace gentle {
namespace {

constexpr long kFollow = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE |
                         PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD;

// What a task stops for at a call, by PTRACE_SYSCALL and PTRACE_O_TRACESYSGOOD.
constexpr int kAtCall = SIGTRAP | 0x80;

// The calls on a task that was killed meanwhile fail with ESRCH; its end is told by waitpid.
// (What a request is, an enum or an int, the C libraries do not agree on.)
long call(decltype(PTRACE_CONT) request, int id, long data) {
  return ::ptrace(request, id, nullptr, reinterpret_cast<void*>(data));
}

// The child, of an event that tells of one.
int event_message(int id) {
  unsigned long message = 0;
  ::ptrace(PTRACE_GETEVENTMSG, id, nullptr, &message);
  return static_cast<int>(message);
}

// A task that is killed while it stands still goes on to its end by itself, and stands still there
// once more: which waitpid has still to tell, and nobody may pass over.
bool has_gone_on(int id) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(id), &info,
                  WSTOPPED | WEXITED | WNOHANG | WNOWAIT | __WALL) == 0 &&
         info.si_pid == id;
}

void go_on(int id, int signal = 0, bool to_call = false) {
  if (!has_gone_on(id)) call(to_call ? PTRACE_SYSCALL : PTRACE_CONT, id, signal);
}

// Traced, the first process of a pid namespace does not end by a fault that it does not handle: the
// kernel drops the signal, and the instruction faults again for ever. SIGKILL ends it.
int signal_to_deliver(int id, int signal) {
  const bool is_fault =
      signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE;
  if (!is_fault) return signal;
  const int pid = process_of_thread(id).value_or(id);
  if (pid_as_it_sees_it(pid) != 1 || signal_fate(pid, signal) != SignalFate::kDefault)
    return signal;
  siginfo_t info{};
  const bool by_kernel = ::ptrace(PTRACE_GETSIGINFO, id, nullptr, &info) == 0 && info.si_code > 0;
  return by_kernel ? SIGKILL : signal;
}

bool stops_process(int pid, int signal) {
  if (!is_job_control(signal)) return false;
  return signal == SIGSTOP || signal_fate(pid, signal) == SignalFate::kDefault;
}

// Whether two processes have the same memory; nothing if the kernel does not say.
std::optional<bool> share_memory(int pid, int other) {
  const long order = ::syscall(SYS_kcmp, pid, other, KCMP_VM, 0, 0);
  if (order < 0) return std::nullopt;
  return order == 0;
}

}  // namespace

Tracer::Tracer(Callbacks callbacks) : callbacks_(std::move(callbacks)) {}

std::string Tracer::follow(int pid) {
  if (call(PTRACE_SEIZE, pid, kFollow | PTRACE_O_TRACEEXIT) != 0) return refusal(pid);
  lets_go_ = false;
  tasks_[pid] = {.pid = pid, .shall_tell = true, .does_tell = true};
  return "";
}

std::string Tracer::follow_running(int pid) {
  std::string refused = follow(pid);
  // Those that come while they are listed are told by the ones that are followed already.
  for (const int thread : refused.empty() ? threads_of(pid) : std::vector<int>()) {
    if (tasks_.contains(thread) || call(PTRACE_SEIZE, thread, kFollow) != 0) continue;
    tasks_[thread] = {.pid = pid};
  }
  return refused;
}

// By errno.
std::string Tracer::refusal(int pid) const {
  if (!emulator().empty()) return "ptrace does not work under " + emulator();
  if (errno != EPERM) return std::string("ptrace: ") + std::strerror(errno);
  if (has_gone_on(pid)) return "";  // it was killed before, having done nothing
  const std::string other = traced_by(pid);
  return other.empty() ? "ptrace is forbidden here, by the container or by ptrace_scope" : other;
}

bool Tracer::handle(int task, int wait_status) {
  if (WIFSTOPPED(wait_status)) {
    handle_stop(task, WSTOPSIG(wait_status), wait_status >> 16);
    return true;
  }
  const auto found = tasks_.find(task);
  if (found == tasks_.end()) return false;
  const bool is_thread = found->second.pid != 0 && found->second.pid != task;
  tasks_.erase(found);
  births_.erase(task);
  if (!is_thread) forget_memory(task);
  if (!is_thread) seconds_.erase(task);
  if (!is_thread) begin_orphans();
  return is_thread;
}

bool Tracer::is_stopped(int pid) const {
  return std::any_of(tasks_.begin(), tasks_.end(), [pid](const auto& entry) {
    return entry.second.pid == pid && entry.second.is_stopped;
  });
}

bool Tracer::follows_any() const {
  return !tasks_.empty() || std::any_of(births_.begin(), births_.end(), [](const auto& birth) {
    return tracer_of(birth.first) == ::getpid();
  });
}

void Tracer::let_all_go() {
  lets_go_ = true;
  std::vector<int> waiting;
  for (const auto& [id, task] : tasks_) {
    if (task.waits) {
      waiting.push_back(id);
    } else {
      call(PTRACE_INTERRUPT, id, 0);
    }
  }
  for (const int id : waiting) {
    begin_process(id, tasks_[id], {process_stat(id).value_or(ProcessStat{}).parent, 0});
  }
}

void Tracer::handle_stop(int id, int signal, int event) {
  // A new task may come to its first stop before the event of its parent that tells of it.
  Task& task = tasks_[id];
  const bool is_new = task.pid == 0;
  prepare(id, task);
  task.is_stopped = (event == 0 && stops_process(task.pid, signal)) ||
                    (event == PTRACE_EVENT_STOP && is_job_control(signal));
  // The one that executes another program comes to no stop before that is done.
  const auto first = tasks_.find(task.pid);
  if (task.pid != id && event != PTRACE_EVENT_EXIT && first != tasks_.end()) {
    first->second.others_ran = first->second.has_ended;
  }
  // One that has ended alone tells nothing: the next one shall.
  const auto second = seconds_.find(task.pid);
  if (second != seconds_.end() && second->second.has_ended && event != PTRACE_EVENT_EXIT &&
      event != PTRACE_EVENT_EXEC) {
    second->second = {};
  }
  if (is_new && event == PTRACE_EVENT_STOP) return handle_first_stop(id, task);
  // At its end it has nowhere to go, and what it leaves can still be read.
  if (lets_go_ && event != PTRACE_EVENT_EXIT) return let_go(id, event == 0 ? signal : 0);
  if (task.stops_for_us && event != PTRACE_EVENT_EXIT) {
    task.stops_for_us = false;
    callbacks_.on_stopped_for_us(id);
  }
  switch (event) {
    case 0:
      if (signal == kAtCall) return go_on(id, 0, task.call.handle_call(id));
      if (signal == SIGTRAP && handle_call(id, task)) return;
      go_on(id, signal_to_deliver(id, signal), task.call.handle_signal(id, signal));
      return;
    case PTRACE_EVENT_STOP:
      // A stopped process stays stopped until its SIGCONT, as it would without us.
      if (is_job_control(signal)) {
        task.call.handle_stopped(id);
        call(PTRACE_LISTEN, id, 0);
      } else {
        go_on(id, 0, task.call.handle_signal(id, 0));
      }
      return;
    case PTRACE_EVENT_EXEC:
      handle_exec(id);
      return;
    case PTRACE_EVENT_EXIT:
      handle_exit(id, task);
      return;
    case PTRACE_EVENT_VFORK_DONE:
      callbacks_.on_memory_returned(task.pid, event_message(id));
      go_on(id);
      return;
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE:
      note_child(event_message(id),
                 {task.pid, event == PTRACE_EVENT_VFORK ? memory_owner(task) : 0});
      go_on(id);
      return;
    default:
      go_on(id);
  }
}

// A thread runs on at once. Of a process it has to be known first whose memory it has: the kernel
// tells, or else the event of its parent, of which either may be first.
void Tracer::handle_first_stop(int id, Task& task) {
  if (task.pid != id) {
    births_.erase(id);
    return leave_first_stop(id);
  }
  // The parent that has told may be gone; the other one stands still at its own event.
  const auto told = births_.find(id);
  const int parent =
      told != births_.end() ? told->second.parent : process_stat(id).value_or(ProcessStat{}).parent;
  const auto shared = share_memory(id, parent);
  if (!shared && told == births_.end() && !lets_go_) {
    task.waits = true;
    return;
  }
  const bool shares = shared ? *shared : told != births_.end() && told->second.memory_owner != 0;
  const auto known = tasks_.find(parent);
  const int owner = known == tasks_.end() ? parent : memory_owner(known->second);
  begin_process(id, task, {parent, shares ? owner : 0});
}

void Tracer::note_child(int child, const Birth& birth) {
  const auto found = tasks_.find(child);
  if (found == tasks_.end()) {
    births_[child] = birth;
  } else if (found->second.waits) {
    begin_process(child, found->second, birth);
  }
}

void Tracer::begin_process(int id, Task& task, const Birth& birth) {
  task.waits = false;
  task.memory_owner = birth.memory_owner;
  if (task.memory_owner == 0) {
    const auto parent = tasks_.find(birth.parent);
    const auto known =
        breakpoints_.find(parent == tasks_.end() ? birth.parent : memory_owner(parent->second));
    if (known != breakpoints_.end()) breakpoints_[id] = known->second;
    callbacks_.on_fork(id, birth.parent);
  }
  births_.erase(id);
  leave_first_stop(id);
}

void Tracer::leave_first_stop(int id) {
  if (lets_go_) {
    let_go(id, 0);
  } else {
    go_on(id);
  }
}

// A parent that is killed does not tell any more. What it shared with its child is the child's now.
void Tracer::begin_orphans() {
  for (auto& [id, task] : tasks_) {
    const auto stat = task.waits ? process_stat(id) : std::nullopt;
    if (stat && !tasks_.contains(stat->parent)) begin_process(id, task, {stat->parent, 0});
  }
}

// The others are asked first: what they count between that and the callback is in the memory that
// it reads, and after it they stand still or tell of their own end.
void Tracer::handle_exit(int id, Task& task) {
  task.has_ended = true;
  if (id == task.pid) ask_other_threads(id);
  const auto second = seconds_.find(task.pid);
  if (second != seconds_.end() && second->second.id == id) second->second.has_ended = true;
  const auto process = tasks_.find(task.pid);
  if (process == tasks_.end() || process->second.memory_owner == 0) {
    callbacks_.on_exit(task.pid, id);
  }
  go_on(id);
}

void Tracer::stop_at(int pid, int thread, const std::vector<CodePlace>& functions) {
  const auto task = tasks_.find(thread);
  const int owner = task == tasks_.end() ? pid : memory_owner(task->second);
  breakpoints_[owner].set(thread, functions);
}

void Tracer::stop_for_us(int pid) {
  const auto found = tasks_.find(pid);
  if (found == tasks_.end() || found->second.has_ended) return;
  found->second.stops_for_us = true;
  call(PTRACE_INTERRUPT, pid, 0);
}

int Tracer::memory_owner(const Task& task) const {
  const auto process = tasks_.find(task.pid);
  const int owner = process == tasks_.end() ? 0 : process->second.memory_owner;
  return owner != 0 ? owner : task.pid;
}

// Unless a child has it still.
void Tracer::forget_memory(int owner) {
  const bool is_used = std::any_of(tasks_.begin(), tasks_.end(), [owner](const auto& entry) {
    return entry.second.memory_owner == owner;
  });
  if (!is_used) breakpoints_.erase(owner);
}

// False: it was another reason to stop.
bool Tracer::handle_call(int id, Task& task) {
  const int owner = memory_owner(task);
  const auto known = breakpoints_.find(owner);
  if (known == breakpoints_.end()) return false;
  const auto function = breakpoint_of(id);
  if (!function || !known->second.has(function->address)) return false;
  if (callbacks_.on_call({task.pid, id, owner, *function}) == CallFate::kReturns) {
    leave_function(id);
  } else {
    known->second.remove(id, function->address);
    execute_at(id, function->address);
  }
  go_on(id, 0, task.call.handle_signal(id, 0));
  return true;
}

// All tasks of a process are let go one by one; its code is what it was before the first one runs.
void Tracer::let_go(int id, int signal) {
  const auto known = breakpoints_.find(memory_owner(tasks_[id]));
  if (known != breakpoints_.end()) {
    known->second.remove_all(id);
    const auto function = signal == SIGTRAP ? breakpoint_of(id) : std::nullopt;
    if (function && known->second.has(function->address)) {
      execute_at(id, function->address);
      signal = 0;
    }
  }
  const bool at_call = signal == kAtCall;
  if (at_call) signal = 0;
  tasks_[id].call.leave(id, signal, at_call);
  tasks_.erase(id);
  call(PTRACE_DETACH, id, signal);
}

// Whichever thread executes a program, it takes over the id of the first one, and brings along what
// itself was asked for; the others are gone.
void Tracer::handle_exec(int id) {
  const auto others = std::erase_if(
      tasks_, [id](const auto& entry) { return entry.first != id && entry.second.pid == id; });
  Task& task = tasks_[id];
  const bool shared_memory = task.memory_owner != 0;
  breakpoints_.erase(id);
  const bool does_tell = others == 0 && task.does_tell;
  const auto second = seconds_.extract(id);
  const bool second_ended = !second.empty() && second.mapped().has_ended;
  const bool ended_last = (task.has_ended && !task.others_ran) || second_ended;
  task = {};
  task.pid = id;
  task.does_tell = does_tell;
  prepare(id, task);
  if (callbacks_.on_exec(id, {shared_memory, ended_last})) {
    go_on(id);
  } else {
    let_go(id, 0);
  }
}

// Threads come and go by the thousand, and only the end of a process is asked for: so no other
// thread than the first one stops at its end, or a second one that was asked to.
void Tracer::prepare(int id, Task& task) {
  const bool is_new = task.pid == 0;
  if (is_new) task.pid = process_of_thread(id).value_or(id);
  const auto first = tasks_.find(task.pid);
  const bool first_has_ended = first != tasks_.end() && first->second.has_ended;
  task.shall_tell =
      task.shall_tell || task.pid == id || first_has_ended || is_second(id, task, is_new);
  if (!is_new && task.shall_tell == task.does_tell) return;
  call(PTRACE_SETOPTIONS, id, task.shall_tell ? kFollow | PTRACE_O_TRACEEXIT : kFollow);
  task.does_tell = task.shall_tell;
}

bool Tracer::is_second(int id, const Task& task, bool is_new) {
  const auto second = seconds_.find(task.pid);
  if (second == seconds_.end() || task.pid == id) return false;
  if (is_new && second->second.id == 0) second->second.id = id;
  return second->second.id == id;
}

void Tracer::ask_second_thread(int pid) {
  Second& second = seconds_[pid] = {};
  for (auto& [id, task] : tasks_) {
    if (task.pid != pid || id == pid || task.has_ended) continue;
    second.id = id;
    task.shall_tell = true;
    call(PTRACE_INTERRUPT, id, 0);
    return;
  }
}

// The first thread of a process may end alone, by pthread_exit: then the others tell of the end.
void Tracer::ask_other_threads(int pid) {
  for (auto& [id, task] : tasks_) {
    if (task.pid != pid || id == pid) continue;
    task.shall_tell = true;
    call(PTRACE_INTERRUPT, id, 0);
  }
}

std::string traced_by(int pid) {
  const auto other = tracer_of(pid);
  if (!other) return "";
  return "it is traced by pid " + std::to_string(*other) + " (" + command_line(*other) +
         ") already";
}

std::uint64_t stack_pointer_of(int task) {
  Registers registers{};
  iovec place{&registers, sizeof registers};
  if (::ptrace(PTRACE_GETREGSET, task, NT_PRSTATUS, &place) != 0) return 0;
  return stack_pointer_in(registers);
}

}  // namespace gentle

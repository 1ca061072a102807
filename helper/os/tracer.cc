#include "os/tracer.h"

#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "os/process.h"

namespace gentle {
namespace {

constexpr long kFollow =
    PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;

// The calls on a task that was killed meanwhile fail with ESRCH; its end is told by waitpid.
long call(enum __ptrace_request request, int id, long data) {
  return ::ptrace(request, id, nullptr, reinterpret_cast<void*>(data));
}

void go_on(int id, int signal = 0) { call(PTRACE_CONT, id, signal); }

bool is_job_control(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

}  // namespace

Tracer::Tracer(Callbacks callbacks) : callbacks_(std::move(callbacks)) {}

std::string Tracer::follow(int pid) {
  if (call(PTRACE_SEIZE, pid, kFollow | PTRACE_O_TRACEEXIT) == 0) {
    tasks_[pid] = {pid, true, true};
    return "";
  }
  if (errno == EPERM) return "ptrace is forbidden here, by the container or by ptrace_scope";
  return std::string("ptrace: ") + std::strerror(errno);
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
  return is_thread;
}

void Tracer::handle_stop(int id, int signal, int event) {
  // A new task may come to its first stop before the event of its parent that tells of it.
  Task& task = tasks_[id];
  prepare(id, task);
  switch (event) {
    case 0:  // a signal is on its way to it
      go_on(id, signal);
      return;
    case PTRACE_EVENT_STOP:
      // A stopped process stays stopped until its SIGCONT, as it would without us.
      if (is_job_control(signal)) {
        call(PTRACE_LISTEN, id, 0);
      } else {
        go_on(id);
      }
      return;
    case PTRACE_EVENT_EXEC:
      handle_exec(id);
      return;
    case PTRACE_EVENT_EXIT:
      callbacks_.on_exit(task.pid);
      if (id == task.pid) ask_other_threads(id);
      go_on(id);
      return;
    default:  // it has forked; the new one tells of itself
      go_on(id);
  }
}

// Whichever thread executes a program, it takes over the id of the first one; the others are gone.
void Tracer::handle_exec(int id) {
  std::erase_if(tasks_,
                [id](const auto& entry) { return entry.first != id && entry.second.pid == id; });
  if (callbacks_.on_exec(id)) {
    go_on(id);
    return;
  }
  tasks_.erase(id);
  call(PTRACE_DETACH, id, 0);
}

// Threads come and go by the thousand, and only the end of a process is asked for: so no other
// thread than the first one stops at its end.
void Tracer::prepare(int id, Task& task) {
  const bool is_new = task.pid == 0;
  if (is_new) task.pid = process_of_thread(id).value_or(id);
  task.shall_tell = task.shall_tell || task.pid == id;
  if (!is_new && task.shall_tell == task.does_tell) return;
  call(PTRACE_SETOPTIONS, id, task.shall_tell ? kFollow | PTRACE_O_TRACEEXIT : kFollow);
  task.does_tell = task.shall_tell;
}

// The first thread of a process may end alone, by pthread_exit: then the others tell of the end.
void Tracer::ask_other_threads(int pid) {
  for (auto& [id, task] : tasks_) {
    if (task.pid != pid || id == pid) continue;
    task.shall_tell = true;
    call(PTRACE_INTERRUPT, id, 0);
  }
}

}  // namespace gentle

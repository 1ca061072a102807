// Tells of the end of processes while their memory is still there, by ptrace(2), and of the calls
// of a few functions. For nothing else: every signal is passed on as it came, and no system call is
// stopped. But one that is interrupted since there is a tracer goes on: see InterruptedCall.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "os/breakpoints.h"
#include "os/interrupted_call.h"

namespace gentle {

// What becomes of a call at whose first instruction a task stands still.
enum class CallFate {
  kReturns,  // at once, with 0
  kRuns,     // and its breakpoint is gone
};

class Tracer {
 public:
  struct Exec {
    bool shared_memory = false;  // what it leaves was not its own (vfork)
    // on_exit has told of the program that it leaves, of which no thread has run since: another one
    // than the first has executed the new one, or see ask_second_thread().
    bool ended_last = false;
  };

  // A breakpoint of stop_at() that a task has come to.
  struct Call {
    int pid = 0;
    int thread = 0;
    int memory_owner = 0;  // another process than pid: that one's memory is used (vfork)
    FunctionCall function;
  };

  struct Callbacks {
    // A new process, with a copy of the memory of `parent`, is about to run its first instruction.
    // The parent may have ended by then.
    std::function<void(int pid, int parent)> on_fork;
    // The process has just become another program. False: it, and all that it will start, is let go
    // and runs on as if it had never been followed.
    std::function<bool(int pid, const Exec& exec)> on_exec;
    // A child that had the memory of this process (vfork) has left it, or is about to be told as
    // another program. The process stands still.
    std::function<void(int pid, int child)> on_memory_returned;
    // Several tasks may come to the same function.
    std::function<CallFate(const Call& call)> on_call;
    // The process stands still because of stop_for_us().
    std::function<void(int pid)> on_stopped_for_us;
    // The process is about to end, and `thread` of it stands still as long as the call lasts: by
    // its id the memory can be read, also when the first thread has ended before. Not for a process
    // whose memory is another's. Comes again if it was not the last thread that ended: what the
    // last call found is what counts.
    std::function<void(int pid, int thread)> on_exit;
  };

  explicit Tracer(Callbacks callbacks);

  // Follows a process and all that it will start. To be called between its fork and its exec.
  // Returns "", or why that cannot be done here.
  std::string follow(int pid);

  // The same for a process that runs already, for all of its threads. It tells of its end, and of
  // what it starts from now on.
  std::string follow_running(int pid);

  // What waitpid(-1, ..., __WALL) has told. True: that was nobody's business but the tracer's.
  // False: a process has ended.
  bool handle(int task, int wait_status);

  // From now on tells of the calls of these functions, in a process that stands still in one of the
  // callbacks, by this thread. Its children are born with them.
  void stop_at(int pid, int thread, const std::vector<CodePlace>& functions);
  // Has a second thread of this process tell of its end, by on_exit. If the first one executes a
  // program, the kernel ends the others before, and nothing else tells of that while the memory is
  // still there. For a process with a thread that lives as long as itself, and is the first that it
  // starts (Go's sysmon).
  void ask_second_thread(int pid);
  // Before it gets any signal that is sent to it from now on.
  void stop_for_us(int pid);
  bool stops_at_calls(int pid) const { return breakpoints_.contains(pid); }
  bool stops_at(int pid, std::uint64_t address) const {
    const auto found = breakpoints_.find(pid);
    return found != breakpoints_.end() && found->second.has(address);
  }

  // Whether this process is followed.
  bool follows(int pid) const { return tasks_.contains(pid); }
  // Whether it is stopped (SIGSTOP), or is to be as soon as it runs: the signal has been handed on.
  // /proc does not show it then, nor while a process that is stopped stands still anew.
  bool is_stopped(int pid) const;
  // Also if it has just been born, and has not stopped yet.
  bool follows_any() const;

  // Lets all go that is followed now, each task as soon as it has stopped for it.
  void let_all_go();

 private:
  // One thread; those of the same process have the same pid.
  struct Task {
    int pid = 0;              // 0: it has not come to its first stop
    bool shall_tell = false;  // of its end, as a process's first thread does
    bool does_tell = false;
    bool has_ended = false;     // its last event is over
    bool others_ran = false;    // since then: threads of the same process
    int memory_owner = 0;       // whose memory it has; 0: its own process's
    bool stops_for_us = false;  // at its next stop, see stop_for_us()
    bool waits = false;         // at its first stop, until it is known how it was started
    bool is_stopped = false;    // see is_stopped()
    InterruptedCall call{};
  };

  std::string refusal(int pid) const;
  void handle_stop(int id, int signal, int event);
  void handle_first_stop(int id, Task& task);
  void handle_exec(int id);
  void handle_exit(int id, Task& task);
  // How a process came to be, as its parent tells it.
  struct Birth {
    int parent = 0;
    int memory_owner = 0;  // as in Task
  };

  void note_child(int child, const Birth& birth);
  void begin_process(int id, Task& task, const Birth& birth);
  void leave_first_stop(int id);
  void begin_orphans();
  bool handle_call(int id, Task& task);
  int memory_owner(const Task& task) const;
  void forget_memory(int owner);
  void let_go(int id, int signal);
  void prepare(int id, Task& task);
  void ask_other_threads(int pid);
  bool is_second(int id, const Task& task, bool is_new);

  Callbacks callbacks_;
  std::map<int, Task> tasks_;
  std::map<int, Birth> births_;             // of processes that have not stopped yet
  std::map<int, Breakpoints> breakpoints_;  // by the owner of the memory
  // Of ask_second_thread().
  struct Second {
    int id = 0;  // 0: there is none yet
    bool has_ended = false;
  };
  std::map<int, Second> seconds_;  // by process
  bool lets_go_ = false;
};

// "it is traced by pid 123 (gdb server) already"; "": nobody does.
std::string traced_by(int pid);

// Where the stack of a task ends that stands still in one of the calls above; 0 if that cannot be
// had.
std::uint64_t stack_pointer_of(int task);

}  // namespace gentle

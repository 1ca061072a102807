// What /proc tells of a process. A process that is gone is no error: it tells nothing.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/process_id.h"

namespace gentle {

struct ProcessStat {
  int parent = 0;
  int group = 0;
  int session = 0;
  char state = '?';  // of the first thread: 'R', 'S', 'T' stopped, 'Z' ended ...
  int threads = 0;
  std::uint64_t start_time = 0;
  std::string name;  // comm, at most 15 bytes

  // A zombie, which only waits to be reaped. The first thread alone may have ended by pthread_exit:
  // then it looks like one, and the process runs on.
  bool is_over() const { return (state == 'Z' && threads <= 1) || state == 'X'; }
};

std::optional<ProcessStat> process_stat(int pid);

// Of the text of /proc/PID/stat; nothing if it is none. The name may hold any byte.
std::optional<ProcessStat> parse_process_stat(std::string_view text);

// The pid with its start time; start time 0 if the process is gone.
ProcessId identify(int pid);
const ProcessId& ourselves();

// The program that runs this one because the processor is another (qemu-user); "" as a rule. Such a
// program answers some questions about its own process itself, and not as the kernel does.
const std::string& emulator();

// Runs, and is the one that was identified; a zombie no longer runs.
bool is_alive(const ProcessId& id);

// Whether there is such a process, and no zombie: also one that /proc hides (hidepid, proc(5)),
// which is_alive() does not know. For processes that cannot be others by now.
bool runs(int pid);

// The command line for people, arguments joined by spaces, at most 200 bytes; "[name]" for a
// process that hides it.
std::string command_line(int pid);

// The command line; nothing for a process that hides it.
std::vector<std::string> arguments_of(int pid);

// The path of the program that it has executed; "" if that may not be known.
std::string program_of(int pid);

// The direct children of all threads of a process.
std::vector<int> children_of(int pid);

// The same for a kernel that has no lists of them (CONFIG_PROC_CHILDREN), for which children_of()
// falls back to it: every process is asked for its parent.
std::vector<int> children_by_parent(int pid);
bool has_children_lists();

// All that descends from `root`, without it, parents first.
std::vector<int> descendants_of(int root);

// Whether `ancestor` is the parent, or a parent's parent, of the process. Quicker than to ask for
// all descendants.
bool descends_from(int pid, int ancestor);

// The nearest ancestor that is a ctest, of this process or of another one.
std::optional<ProcessId> owning_ctest();
std::optional<ProcessId> owning_ctest(int pid);

// Whether the process would do anything of its own with the signal (SigCgt; SigBlk: sigwait and
// signalfd take what is blocked), or ignores it (SigIgn).
enum class SignalFate { kDefault, kIgnored, kHandled, kUnknown };
SignalFate signal_fate(int pid, int signal);

// Whether it stops a process: SIGSTOP, or from the terminal.
bool is_job_control(int signal);

// Whether it is stopped by a signal, or about to be, so that it runs on only after a SIGCONT. True
// as well if nobody can tell: it is hidden, or it stands still for this process, which traces it.
// What this process traces shows nothing for a moment when it stands still anew, or is handed the
// signal (PTRACE_CONT): ask Tracer::is_stopped() too.
// To one that is not stopped, SIGCONT does harm: it takes away the SIGSTOP by which PTRACE_ATTACH
// halts a process, and LeakSanitizer, which halts its process at its end, then waits for ever.
bool may_be_stopped(int pid);

// The process that traces it (a debugger, strace), as /proc numbers it; nothing: nobody, or it is
// gone.
std::optional<int> tracer_of(int pid);

// Whether a debugger traces it: gdb, lldb, or the server of one of them. Others (strace -f, proot)
// trace the children of a process as well; a debugger sees them go.
bool is_debugged(int pid);

// The ids of its threads, the first one's is its own.
std::vector<int> threads_of(int pid);

// The process that a thread belongs to.
std::optional<int> process_of_thread(int id);

// The id that a process has in its own pid namespace; its own one if that cannot be seen.
int pid_as_it_sees_it(int pid);

// The user whose rights it has (of its files in /proc); nothing: it is gone.
std::optional<uid_t> user_of(int pid);

// Whether it sees the files that we see, by the same names, and may do to them what we may: false
// after chroot, or as another user, but for root.
bool reaches_our_files(int pid);

// "user root", as /etc/passwd names it, or "user id 1234".
std::string describe_user(uid_t user);

// The processes that have this "NAME=value" in the environment they were started with. None is
// overlooked because it forks or executes a program meanwhile. Those of other users are not seen.
std::vector<int> processes_with(const std::string& variable);
bool has_variable(int pid, const std::string& variable);

// The value that the process had when it was started; "": none, or it cannot be known.
std::string variable_value(int pid, const std::string& name);

// All that `is_wanted` wants, in the order of their pids.
std::vector<int> processes_where(const std::function<bool(const ProcessStat&)>& is_wanted);

// Changes at each boot: pids and start times only mean something together with it.
std::string boot_id();

}  // namespace gentle

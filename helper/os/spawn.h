// Starting a program: the one place with a fork.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/end_status.h"
#include "base/environment.h"

namespace gentle {

struct SpawnOptions {
  std::vector<std::string> command;  // [0] holds a slash, or is looked up on PATH of `environment`
  Environment environment;
  std::string working_directory;  // "": this process's own
  int stdin_fd = -1;              // -1: inherited
  int stdout_fd = -1;
  int stderr_fd = -1;
  bool own_group = false;
  bool keeps_nohup = false;  // SIGHUP stays ignored if it is: nohup(1)
  int death_signal = 0;      // sent to the program when this process dies; 0: none
  // Handed over as descriptors 3 and up, with LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES.
  std::vector<int> listen_fds;
  std::vector<std::string> listen_names;
  // Called with the pid while the new process waits to execute its program. Returns whether the
  // caller follows it by ptrace(2) from now on: it will stand at its PTRACE_EVENT_EXEC then, or
  // will have ended, when spawn() returns.
  std::function<bool(int pid)> before_exec;
  // A followed process executes its program on the processor where it begins. The kernel would move
  // it, and to wake another processor takes longer than the exec if machines are virtual. For what
  // lives for milliseconds: it counts as if it had chosen its processors itself from then on.
  bool short_lived = false;
};

// Returns the pid once the program runs (exec has succeeded). It starts with every signal at its
// default and none blocked, whatever was ignored here. Throws Error with exit code 127 (no such
// program), 126 (it cannot be executed) or 125.
int spawn(const SpawnOptions& options);

// A copy of this process, in a session of its own and no child of ours, so that nobody who walks
// our children finds it (a test's time-out makes ctest kill them all). Returns its pid, and 0 in
// the copy, where every signal is at its default. It has no exec: to start a program, this one too,
// takes several times as long as to copy it.
int fork_detached(const std::string& purpose, int input, int output);

// Whether `work`, which may wait for ever in the kernel, ends within `limit`: it is done by a child
// of this process that has none of its descriptors but the first three, and as in a signal handler,
// since other threads are not there. A child that does not end is killed; it is gone when the
// kernel lets go of it. False also if there is no child.
bool ends_in_child(const std::function<void()>& work, std::chrono::milliseconds limit);

// Replaces this process by the program, in the folder and with the signals that spawn() would give
// it; returns only by an Error.
[[noreturn]] void exec_program(const SpawnOptions& options);

EndStatus end_status_from_wait(int wait_status);

// Ends this process the way `end` tells: by the same exit status, or by the same signal (without a
// second core dump).
[[noreturn]] void end_like(const EndStatus& end);

}  // namespace gentle

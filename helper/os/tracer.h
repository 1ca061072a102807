// Tells of the end of processes while their memory is still there, by ptrace(2). For nothing else:
// no system call is stopped, and every signal is passed on as it came.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace gentle {

class Tracer {
 public:
  struct Callbacks {
    // The process has just become another program. False: it, and all that it will start, is let
    // go and runs on as if it had never been followed.
    std::function<bool(int pid)> on_exec;
    // The process is about to end, and stands still as long as the call lasts. Comes again if it
    // was only its first thread that ended: what the last call found is what counts.
    std::function<void(int pid)> on_exit;
  };

  explicit Tracer(Callbacks callbacks);

  // Follows a process and all that it will start. To be called between its fork and its exec.
  // Returns "", or why that cannot be done here.
  std::string follow(int pid);

  // What waitpid(-1, ..., __WALL) has told. True: that was nobody's business but the tracer's.
  // False: a process has ended.
  bool handle(int task, int wait_status);

 private:
  // One thread; those of the same process have the same pid.
  struct Task {
    int pid = 0;              // 0: it has not come to its first stop
    bool shall_tell = false;  // of its end, as a process's first thread does
    bool does_tell = false;
  };

  void handle_stop(int id, int signal, int event);
  void handle_exec(int id);
  void prepare(int id, Task& task);
  void ask_other_threads(int pid);

  Callbacks callbacks_;
  std::map<int, Task> tasks_;
};

}  // namespace gentle

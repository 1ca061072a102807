// Lets a task that is traced go on with its system call after a signal that its process ignores,
// as if nobody traced it: then the kernel would have dropped the signal before the task woke up.
//
// The tracer asks at each signal. Most calls are just executed again. One with a limit, or of which
// a part is done, needs other arguments for the rest, which the program must not see: such a call
// is followed to its end by the stops of PTRACE_SYSCALL.
#pragma once

#include <memory>

namespace gentle {

class CallRegisters;

class InterruptedCall {
 public:
  // Elsewhere the calls stay interrupted.
#if defined(__x86_64__)
  static constexpr bool kIsSupported = true;
#else
  static constexpr bool kIsSupported = false;
#endif

  InterruptedCall();
  InterruptedCall(InterruptedCall&&) noexcept;
  InterruptedCall& operator=(InterruptedCall&&) noexcept;
  ~InterruptedCall();

  // The task stands still before it gets a signal; 0: it was only asked to stop. True: it shall go
  // on by PTRACE_SYSCALL.
  bool handle_signal(int task, int signal);

  // The task stands still at the begin or the end of a call. True: as above.
  bool handle_call(int task);

  // The process is stopped (SIGSTOP), which does interrupt its calls.
  void handle_stopped(int task);

  // The task is about to be let go, from a signal (0: asked to stop) or from a call.
  void leave(int task, int signal, bool at_call);

 private:
  struct Followed;

  bool continue_followed(int task, int signal);
  bool begin(int task, int signal, CallRegisters& now);
  bool restart(int task);
  bool handle_entry(int task, CallRegisters& now);
  bool handle_exit(int task, const CallRegisters& now);
  void put_back(int task);
  static void leave_unfollowed(int task, int signal);

  std::unique_ptr<Followed> followed_;
};

}  // namespace gentle

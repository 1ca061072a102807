#if defined(__x86_64__)

#include "os/interrupted_call.h"

#include <cerrno>
#include <csignal>
#include <utility>

#include "os/blocking_call.h"
#include "os/call_registers.h"
#include "os/process.h"

namespace gentle {
namespace {

using Clock = std::chrono::steady_clock;

// By default it does nothing, and the kernel drops it like one of SIG_IGN (signal(7)).
bool does_nothing(int signal) {
  return signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH;
}

// 0: nobody but us has stopped it.
bool is_ignored(int task, int signal) {
  if (signal == 0) return true;
  const SignalFate fate = signal_fate(task, signal);
  return fate == SignalFate::kIgnored || (fate == SignalFate::kDefault && does_nothing(signal));
}

// Else the SIGCONT that comes after a stop, and is ignored as a rule, would restart it.
void settle(CallRegisters& registers) {
  if (!is_restarted_by_kernel(registers.result())) registers.leave_call();
}

bool would_stop(int task, int signal) {
  return is_job_control(signal) && !is_ignored(task, signal);
}

}  // namespace

// A call that is executed again until it is at its end by itself.
struct InterruptedCall::Followed {
  enum class State {
    kRestarts,  // it stands behind the call still, or before it already
    kRuns,      // in the call
    kEnded,     // interrupted again: the signal is next
  };
  State state;
  const BlockingCall* call;
  // As the program shall find them at its end; the result, if the call were over now.
  CallRegisters registers;
  std::uint64_t done;          // of what it has to do
  Clock::time_point deadline;  // max(): none
  bool shortens = true;        // its limit can be set
};

InterruptedCall::InterruptedCall() = default;
InterruptedCall::InterruptedCall(InterruptedCall&&) noexcept = default;
InterruptedCall& InterruptedCall::operator=(InterruptedCall&&) noexcept = default;
InterruptedCall::~InterruptedCall() = default;

bool InterruptedCall::handle_signal(int task, int signal) {
  auto now = CallRegisters::of(task);
  if (followed_ && followed_->state == Followed::State::kEnded) {
    // Another thread may have taken the signal before, and the program has gone on.
    if (!now || !now->is_same_call(followed_->registers)) followed_.reset();
  }
  if (followed_) return continue_followed(task, signal);
  return now && begin(task, signal, *now);
}

// Wherever it stands between the two calls: its registers are known.
bool InterruptedCall::continue_followed(int task, int signal) {
  const bool stops = would_stop(task, signal);
  if (stops || !is_ignored(task, signal)) {
    if (stops) settle(followed_->registers);
    put_back(task);
    return false;
  }
  return followed_->state != Followed::State::kEnded || restart(task);
}

bool InterruptedCall::begin(int task, int signal, CallRegisters& now) {
  const BlockingCall* call = find_blocking_call(now.number());
  if (call == nullptr) return false;
  const bool interrupted = was_interrupted(*call, now.result());
  if (!interrupted && (call->remainder == Remainder::kNone || now.result() <= 0)) return false;
  if (!now.has_native_number(task)) return false;
  if (would_stop(task, signal)) {
    settle(now);
    now.give_to(task);
    return false;
  }
  if (!interrupted) {
    if (!was_cut_short(*call, now, task) || !is_ignored(task, signal)) return false;
    const auto done = static_cast<std::uint64_t>(now.result());
    followed_ = std::make_unique<Followed>(Followed{{}, call, now, done, Clock::time_point::max()});
    return restart(task);
  }
  const auto limit = wait_limit(*call, now, task);
  if (!limit) return false;
  if (*limit == std::chrono::nanoseconds::max()) {
    now.restart();
    now.give_to(task);
    return false;
  }
  if (!is_ignored(task, signal)) return false;
  followed_ = std::make_unique<Followed>(Followed{{}, call, now, 0, Clock::now() + *limit});
  return restart(task);
}

bool InterruptedCall::restart(int task) {
  const bool is_late = followed_->done == 0 && Clock::now() >= followed_->deadline;
  if (is_late && !followed_->shortens) {
    CallRegisters& registers = followed_->registers;
    registers.set_result(result_at_limit(*followed_->call, registers, task));
    registers.leave_call();
    put_back(task);
    return false;
  }
  CallRegisters now = followed_->registers;
  now.restart();
  now.give_to(task);
  followed_->state = Followed::State::kRestarts;
  return true;
}

bool InterruptedCall::handle_call(int task) {
  if (!followed_) return false;
  auto now = CallRegisters::of(task);
  switch (followed_->state) {
    case Followed::State::kRestarts:
      if (now && now->is_same_call(followed_->registers)) return handle_entry(task, *now);
      break;
    case Followed::State::kRuns:
      if (now) return handle_exit(task, *now);
      put_back(task);
      return false;
    case Followed::State::kEnded:
      break;  // as above
  }
  followed_.reset();
  return false;
}

// The arguments may be changed here.
bool InterruptedCall::handle_entry(int task, CallRegisters& now) {
  const BlockingCall& call = *followed_->call;
  if (followed_->done > 0) {
    if (!set_remainder(call, now, task, followed_->done)) {
      followed_->registers.leave_call();
      put_back(task);
      return false;
    }
  } else {
    followed_->shortens = set_wait_limit(call, now, task, followed_->deadline - Clock::now());
  }
  now.give_to(task);
  followed_->state = Followed::State::kRuns;
  return true;
}

bool InterruptedCall::handle_exit(int task, const CallRegisters& now) {
  const BlockingCall& call = *followed_->call;
  CallRegisters& registers = followed_->registers;
  std::int64_t result = now.result();
  if (followed_->done > 0 || result > 0) {
    // What comes after a part, an error or the end, the next call of the program will meet.
    const auto done = followed_->done + static_cast<std::uint64_t>(result > 0 ? result : 0);
    registers.set_result(static_cast<std::int64_t>(done));
    if (was_cut_short(call, registers, task)) {
      followed_->done = done;
      registers.give_to(task);
      followed_->state = Followed::State::kEnded;
      return true;
    }
  } else {
    registers.set_result(result_of_first(call, result));
    if (result == -EINTR || is_restarted_by_kernel(result)) {
      registers.give_to(task);
      followed_->state = Followed::State::kEnded;
      return true;
    }
  }
  put_back(task);
  return false;
}

void InterruptedCall::put_back(int task) {
  followed_->registers.give_to(task);
  followed_.reset();
}

void InterruptedCall::handle_stopped(int task) {
  if (followed_) {
    settle(followed_->registers);
    return put_back(task);
  }
  auto now = CallRegisters::of(task);
  if (!now || find_blocking_call(now->number()) == nullptr) return;
  settle(*now);
  now->give_to(task);
}

// The rest of a limit or of what there is to do cannot be given to it any more.
void InterruptedCall::leave(int task, int signal, bool at_call) {
  if (!followed_) return leave_unfollowed(task, signal);
  const auto now = CallRegisters::of(task);
  if (at_call && followed_->state == Followed::State::kRuns && now) handle_exit(task, *now);
  if (!followed_) return;
  if (followed_->done > 0) {
    followed_->registers.leave_call();
    put_back(task);
  } else if (followed_->state == Followed::State::kEnded) {
    followed_->registers.restart();
    put_back(task);
  }
}

void InterruptedCall::leave_unfollowed(int task, int signal) {
  auto now = CallRegisters::of(task);
  const BlockingCall* call = now ? find_blocking_call(now->number()) : nullptr;
  if (call == nullptr || !was_interrupted(*call, now->result())) return;
  if (!now->has_native_number(task) || would_stop(task, signal)) return;
  now->restart();
  now->give_to(task);
}

}  // namespace gentle

#endif

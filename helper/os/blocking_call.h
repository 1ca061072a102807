// The system calls that fail with EINTR, or end before all is done, when a signal comes that the
// process ignores: which happens to what is traced only, since the kernel drops such a signal at
// once otherwise. All others it restarts by itself. Seen on Linux 6.18 with
// tests/programs/interrupted_calls.cc; most are listed in signal(7) for SIGSTOP and SIGCONT.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "os/call_registers.h"

namespace gentle {

// How long a call waits, and where it is said.
enum class WaitLimit {
  kNone,
  kMilliseconds,  // an argument
  kTimespec,      // the next three: where an argument points to
  kTimeval,
  kRing,     // io_uring_getevents_arg
  kReceive,  // SO_RCVTIMEO and SO_SNDTIMEO of the socket that is the first argument
  kSend,
};

// What is left to do of a call that has done a part.
enum class Remainder {
  kNone,     // it has done nothing at all, or is at its end
  kBytes,    // buffer and size are the second and the third argument
  kVector,   // an array of iovec, and their number
  kMessage,  // a msghdr
};

struct BlockingCall {
  long number;
  WaitLimit limit;
  int limit_argument;
  long result_at_limit;
  Remainder remainder;
};

// Nothing: a call that may not be executed again, or need not be.
const BlockingCall* find_blocking_call(long number);

// Whether it has ended since it was interrupted, having done nothing.
bool was_interrupted(const BlockingCall& call, std::int64_t result);

// Whether it was interrupted in the middle. Of a call that ends with a part by itself, such as to
// read what is there, nobody can know.
bool was_cut_short(const BlockingCall& call, const CallRegisters& registers, int task);

// Without a limit: max(). Nothing: it has one, and it cannot be known.
std::optional<std::chrono::nanoseconds> wait_limit(const BlockingCall& call,
                                                   const CallRegisters& registers, int task);

// What it returns when its limit is over.
std::int64_t result_at_limit(const BlockingCall& call, const CallRegisters& registers, int task);

// What it would have returned, had it never been interrupted: a connect finds what it has begun.
std::int64_t result_of_first(const BlockingCall& call, std::int64_t result);

// The arguments for the rest of the time, and for what is left to do. What is more than a register
// goes where nothing is: below the stack of the task. False: that cannot be written.
bool set_wait_limit(const BlockingCall& call, CallRegisters& registers, int task,
                    std::chrono::nanoseconds left);
bool set_remainder(const BlockingCall& call, CallRegisters& registers, int task,
                   std::uint64_t done);

}  // namespace gentle

// What differs from one processor to another: all of it is here, but for system calls: see
// call_registers.h.
#pragma once

#include <sys/user.h>

#include <cstdint>

namespace gentle {

#if defined(__x86_64__)

constexpr bool kRescuesCounters = true;
using Registers = user_regs_struct;
inline std::uint64_t stack_pointer_in(const Registers& registers) { return registers.rsp; }

#elif defined(__aarch64__)

constexpr bool kRescuesCounters = true;
using Registers = user_regs_struct;
inline std::uint64_t stack_pointer_in(const Registers& registers) { return registers.sp; }

#else  // all works but the rescue of a killed process's counters, whose layout nobody has tried

constexpr bool kRescuesCounters = false;
using Registers = unsigned long[64];
inline std::uint64_t stack_pointer_in(const Registers&) { return 0; }

#endif

}  // namespace gentle

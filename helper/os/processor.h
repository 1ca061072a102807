// What differs from one processor to another: all of it is here, but for system calls: see
// call_registers.h.
#pragma once

#include <elf.h>
#include <sys/user.h>

#include <cstdint>

namespace gentle {

#if defined(__x86_64__)

constexpr bool kRescuesCounters = true;
using Registers = user_regs_struct;
inline std::uint64_t stack_pointer_in(const Registers& registers) { return registers.rsp; }
constexpr unsigned kElfMachine = EM_X86_64;
constexpr unsigned kNarrowElfMachine = EM_386;  // whose 32-bit programs it runs as well

// int3; the processor goes on behind it.
constexpr unsigned kTrapInstruction = 0xcc;
constexpr unsigned kTrapSize = 1;
inline std::uint64_t trap_address_in(const Registers& registers) { return registers.rip - 1; }
inline std::uint64_t first_argument_in(const Registers& registers) { return registers.rdi; }
inline void set_program_counter_in(Registers& registers, std::uint64_t address) {
  registers.rip = address;
}

// From the first instruction of a function; `word_at` reads its memory.
template <typename WordAt>
void return_in(Registers& registers, const WordAt& word_at) {
  registers.rip = word_at(registers.rsp);
  registers.rsp += 8;
  registers.rax = 0;
}

#elif defined(__aarch64__)

constexpr bool kRescuesCounters = true;
using Registers = user_regs_struct;
inline std::uint64_t stack_pointer_in(const Registers& registers) { return registers.sp; }
constexpr unsigned kElfMachine = EM_AARCH64;
constexpr unsigned kNarrowElfMachine = EM_ARM;

constexpr unsigned kTrapInstruction = 0xd4200000;  // brk #0
constexpr unsigned kTrapSize = 4;
inline std::uint64_t trap_address_in(const Registers& registers) { return registers.pc; }
inline std::uint64_t first_argument_in(const Registers& registers) { return registers.regs[0]; }
inline void set_program_counter_in(Registers& registers, std::uint64_t address) {
  registers.pc = address;
}

template <typename WordAt>
void return_in(Registers& registers, const WordAt&) {
  registers.pc = registers.regs[30];
  registers.regs[0] = 0;
}

#else  // all works but the rescue of a killed process's counters, whose layout nobody has tried

constexpr bool kRescuesCounters = false;
using Registers = unsigned long[64];
inline std::uint64_t stack_pointer_in(const Registers&) { return 0; }
constexpr unsigned kElfMachine = EM_NONE;
constexpr unsigned kNarrowElfMachine = EM_NONE;

constexpr unsigned kTrapInstruction = 0;
constexpr unsigned kTrapSize = 1;
inline std::uint64_t trap_address_in(const Registers&) { return 0; }
inline std::uint64_t first_argument_in(const Registers&) { return 0; }
inline void set_program_counter_in(Registers&, std::uint64_t) {}
template <typename WordAt>
void return_in(Registers&, const WordAt&) {}

#endif

}  // namespace gentle

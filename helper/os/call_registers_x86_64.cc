#if defined(__x86_64__)

#include <sys/ptrace.h>

#include <cerrno>
#include <cstdint>

#include "os/call_registers.h"

namespace gentle {
namespace {

constexpr std::uint64_t k64BitCode = 0x33;  // the segment
constexpr std::uint64_t kSyscall = 0x050f;  // the instruction; int $0x80 has other numbers
constexpr std::uint64_t kSyscallSize = 2;
constexpr std::uint64_t kNoCall = UINT64_MAX;  // after sigreturn, interrupts and faults as well

// glibc and musl have different types for a register.
using Register = decltype(&user_regs_struct::rdi);

Register argument_register(int index) {
  constexpr Register kArguments[] = {&user_regs_struct::rdi, &user_regs_struct::rsi,
                                     &user_regs_struct::rdx, &user_regs_struct::r10,
                                     &user_regs_struct::r8,  &user_regs_struct::r9};
  return kArguments[index];
}

}  // namespace

// PTRACE_GETREGS has the same form for a 32-bit program, PTRACE_GETREGSET has not.
std::optional<CallRegisters> CallRegisters::of(int task) {
  CallRegisters all;
  user_regs_struct& registers = all.registers_;
  if (::ptrace(PTRACE_GETREGS, task, nullptr, &registers) != 0) return std::nullopt;
  if (registers.orig_rax == kNoCall || registers.cs != k64BitCode) return std::nullopt;
  return all;
}

bool CallRegisters::has_native_number(int task) const {
  errno = 0;
  const long code = ::ptrace(PTRACE_PEEKTEXT, task,
                             reinterpret_cast<void*>(registers_.rip - kSyscallSize), nullptr);
  return errno == 0 && (static_cast<std::uint64_t>(code) & 0xffff) == kSyscall;
}

bool CallRegisters::give_to(int task) const {
  return ::ptrace(PTRACE_SETREGS, task, nullptr, &registers_) == 0;
}

long CallRegisters::number() const { return static_cast<long>(registers_.orig_rax); }

std::uint64_t CallRegisters::argument(int index) const {
  return registers_.*argument_register(index);
}

std::int64_t CallRegisters::result() const { return static_cast<std::int64_t>(registers_.rax); }

std::uint64_t CallRegisters::stack_pointer() const { return registers_.rsp; }

void CallRegisters::set_argument(int index, std::uint64_t value) {
  registers_.*argument_register(index) = value;
}

void CallRegisters::set_result(std::int64_t value) {
  registers_.rax = static_cast<std::uint64_t>(value);
}

void CallRegisters::leave_call() { registers_.orig_rax = kNoCall; }

bool CallRegisters::is_same_call(const CallRegisters& other) const {
  return registers_.rip == other.registers_.rip && registers_.rsp == other.registers_.rsp &&
         registers_.orig_rax == other.registers_.orig_rax;
}

}  // namespace gentle

#endif

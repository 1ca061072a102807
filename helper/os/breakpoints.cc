#include "os/breakpoints.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include "base/unique_fd.h"
#include "os/processor.h"

namespace gentle {
namespace {

void* pointer(std::uint64_t value) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(value));
}

// By ptrace and not by /proc/PID/mem, which a kernel may forbid to write to code
// (proc_mem.force_override, Linux 6.12).
std::optional<unsigned long> word_at(int task, std::uint64_t address) {
  errno = 0;
  const long word = ::ptrace(PTRACE_PEEKTEXT, task, pointer(address), nullptr);
  if (errno != 0) return std::nullopt;
  return static_cast<unsigned long>(word);
}

constexpr unsigned long kCodeMask = 0xffffffff;
constexpr unsigned long kTrapMask = (1UL << (8 * kTrapSize)) - 1;

// Of the code, as much as the trap takes.
void exchange(int task, const CodePlace& place, std::uint32_t from, std::uint32_t to) {
  const auto word = word_at(task, place.address);
  if (!word || (*word & kCodeMask) != from) return;
  ::ptrace(PTRACE_POKETEXT, task, pointer(place.address), pointer((*word & ~kCodeMask) | to));
}

std::uint32_t with_trap(std::uint32_t code) {
  return static_cast<std::uint32_t>((code & ~kTrapMask) | kTrapInstruction);
}

bool get_registers(int task, Registers& registers) {
  iovec place{&registers, sizeof registers};
  return ::ptrace(PTRACE_GETREGSET, task, NT_PRSTATUS, &place) == 0 &&
         place.iov_len == sizeof registers;
}

void set_registers(int task, Registers& registers) {
  iovec place{&registers, sizeof registers};
  ::ptrace(PTRACE_SETREGSET, task, NT_PRSTATUS, &place);
}

}  // namespace

void Breakpoints::set(int task, const std::vector<CodePlace>& places) {
  std::erase_if(places_, [task](const CodePlace& place) {
    const auto word = word_at(task, place.address);
    return !word || (*word & kCodeMask) != with_trap(place.code);
  });
  for (const CodePlace& place : places) {
    if (!has(place.address)) places_.push_back(place);
    exchange(task, place, place.code, with_trap(place.code));
  }
}

void Breakpoints::remove(int task, std::uint64_t address) const {
  for (const CodePlace& place : places_) {
    if (place.address == address) exchange(task, place, with_trap(place.code), place.code);
  }
}

void Breakpoints::remove_all(int task) const {
  for (const CodePlace& place : places_) exchange(task, place, with_trap(place.code), place.code);
}

bool Breakpoints::has(std::uint64_t address) const {
  return std::any_of(places_.begin(), places_.end(),
                     [address](const CodePlace& place) { return place.address == address; });
}

bool put_code_back(int pid, const std::vector<CodePlace>& places) {
  const std::string path = "/proc/" + std::to_string(pid) + "/mem";
  const UniqueFd memory(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  bool any = false;
  for (const CodePlace& place : places) {
    const auto at = static_cast<off_t>(place.address);
    std::uint32_t code = 0;
    if (::pread(memory.get(), &code, sizeof code, at) != sizeof code) continue;
    if (code != with_trap(place.code)) continue;
    any = ::pwrite(memory.get(), &place.code, kTrapSize, at) == kTrapSize || any;
  }
  return any;
}

std::optional<FunctionCall> breakpoint_of(int task) {
  siginfo_t info{};
  if (::ptrace(PTRACE_GETSIGINFO, task, nullptr, &info) != 0) return std::nullopt;
  // x86 says the first, arm64 the second; a signal that somebody sends has other codes.
  if (info.si_code != SI_KERNEL && info.si_code != TRAP_BRKPT) return std::nullopt;
  Registers registers{};
  if (!get_registers(task, registers)) return std::nullopt;
  return FunctionCall{trap_address_in(registers), first_argument_in(registers)};
}

void leave_function(int task) {
  Registers registers{};
  if (!get_registers(task, registers)) return;
  const auto caller = [task](std::uint64_t address) { return word_at(task, address).value_or(0); };
  return_in(registers, caller);
  set_registers(task, registers);
}

void execute_at(int task, std::uint64_t address) {
  Registers registers{};
  if (!get_registers(task, registers)) return;
  set_program_counter_in(registers, address);
  set_registers(task, registers);
}

}  // namespace gentle

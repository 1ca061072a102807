// The registers of a task that stands still at the end of a system call, or at its begin. One file
// for each architecture.
#pragma once

#include <sys/types.h>
#include <sys/user.h>

#include <cstdint>
#include <optional>

namespace gentle {

// What a call returns inside the kernel that shall be executed again unless a handler runs, which
// gets it EINTR; and others of the kind. No header for programs has them (include/linux/errno.h).
constexpr long kRestartUnlessHandled = 514;
constexpr bool is_restarted_by_kernel(std::int64_t result) {
  return result <= -512 && result >= -516;
}

class CallRegisters {
 public:
  // Nothing: it is in no system call, or a 32-bit program.
  static std::optional<CallRegisters> of(int task);

  // False: it has been killed meanwhile.
  bool give_to(int task) const;

  long number() const;
  // False: the number means something else, as 64-bit programs can call like 32-bit ones.
  bool has_native_number(int task) const;
  std::uint64_t argument(int index) const;
  std::int64_t result() const;
  std::uint64_t stack_pointer() const;

  void set_argument(int index, std::uint64_t value);
  void set_result(std::int64_t value);

  // To be given before the kernel has looked at the result: it then executes the call once more,
  // or fails it with EINTR if a signal on the way has a handler. So nobody has to know here which
  // signals are on their way.
  void restart() { set_result(-kRestartUnlessHandled); }

  // From now on it is in no system call: the result is for the program, whatever is on its way.
  void leave_call();

  // Whether the two stand at the same call of the program.
  bool is_same_call(const CallRegisters& other) const;

 private:
  user_regs_struct registers_{};
};

}  // namespace gentle

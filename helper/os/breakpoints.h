// Places in the code of a traced process where it stands still and asks what shall become of it,
// as a debugger makes them: an instruction that traps, in the process's own copy of the code.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace gentle {

struct CodePlace {
  std::uint64_t address = 0;
  std::uint32_t code = 0;  // the four bytes that stand there

  bool operator==(const CodePlace&) const = default;
};

// Those of one memory, which several processes may share (vfork).
class Breakpoints {
 public:
  // `task`, here and below, has the memory and stands still for us. What was set before and is
  // still there stays: its file may be one that cannot be read any more, and nobody else knows of
  // it. A place of which the code is another one is left alone.
  void set(int task, const std::vector<CodePlace>& places);
  // The code becomes what it was: of one place, of all. They stay known, since a task may have come
  // to one already.
  void remove(int task, std::uint64_t address) const;
  void remove_all(int task) const;

  bool has(std::uint64_t address) const;
  bool none() const { return places_.empty(); }

 private:
  std::vector<CodePlace> places_;
};

// Makes the code what it was in a process that runs, and whose tracer is gone. Returns whether
// there was anything to be made.
bool put_code_back(int pid, const std::vector<CodePlace>& places);

struct FunctionCall {
  std::uint64_t address = 0;   // of the function
  std::uint64_t argument = 0;  // the first one
};

// For a task that stands still at a SIGTRAP: where, if an instruction that traps was the reason.
std::optional<FunctionCall> breakpoint_of(int task);

// From a place where a function begins: it has returned, with 0.
void leave_function(int task);

// The code that stands there by now is executed next.
void execute_at(int task, std::uint64_t address);

}  // namespace gentle

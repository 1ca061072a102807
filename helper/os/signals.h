// Signals as events: blocked, and read from a descriptor.
#pragma once

#include <initializer_list>
#include <optional>

#include "base/unique_fd.h"

namespace gentle {

struct ReceivedSignal {
  int number;
  bool from_terminal;  // typed there (Ctrl-C): the whole foreground group got it
  int sender;          // pid; 0: the kernel, or a process that cannot be seen from here
};

class SignalFd {
 public:
  explicit SignalFd(std::initializer_list<int> signals);

  int fd() const { return fd_.get(); }
  std::optional<ReceivedSignal> read();  // nothing: none is pending

 private:
  UniqueFd fd_;
};

bool is_ignored(int signal);

// What a caller may have left ignored is set back where gentle rests on it; spawn() sets back the
// rest for the programs that it starts.
void correct_inherited_signals();

}  // namespace gentle

// A service behind a wrapper (`sh -c 'server; true'`, `go run`, `unshare --fork`) that does not
// pass the signal of its stop on: which of its processes have not been told to end, for sure.
//
// Servers read a second signal as "quit now", so none may be told twice. A process counts as untold
// only if it has executed nothing since before the main process was told, and its parent cannot
// tell it any more: the parent has ended, or ignores the signal, or does nothing but wait for its
// children, and nobody above can tell the parent. What has run since may have been told, and is let
// alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/process_id.h"

namespace gentle {

class Untold {
 public:
  Untold() = default;
  // Before `main` is sent the signal.
  Untold(const ProcessId& main, int signal);

  // Those that have to be sent the signal now; from here on they count as told.
  std::vector<int> take();
  // Whether none of these, which is all that runs, will do anything about the signal: they ignore
  // it or wait for those that do, and nobody has told them in another way. False if there is no
  // wrapper.
  bool is_in_vain(const std::vector<int>& running) const;

 private:
  struct Process {
    ProcessId id;
    int parent = 0;
    std::optional<std::uint64_t> sleeps;
    enum class Told { kOpen, kByUs, kMaybe } told = Told::kOpen;
  };

  const Process* find(int pid) const;
  bool cannot_act(const ProcessId& id) const;
  bool may_tell(int parent) const;

  ProcessId main_;
  int signal_ = 0;
  std::vector<Process> processes_;  // parents first, without main
};

}  // namespace gentle

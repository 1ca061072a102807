#include "cli/caller.h"

#include <unistd.h>

#include "base/error.h"
#include "os/descriptors.h"
#include "os/process.h"

namespace gentle {

// CTest gives what it calls a pipe for its output, which is closed before those that it leaves
// get another parent.
std::optional<ProcessId> calling_ctest() {
  const auto ctest = owning_ctest();
  if (!ctest && is_pipe_without_reader(STDOUT_FILENO)) {
    throw Error("answer on", "standard output", "nobody reads it: the caller has exited")
        .hint("call again with an output that stays open, such as a file");
  }
  return ctest;
}

}  // namespace gentle

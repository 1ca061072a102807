// The parent of a supervisor, which does nothing until the supervisor is killed: then it ends the
// service in its place, since nobody else would.
#pragma once

#include "os/output_pipe.h"
#include "supervise/dependencies.h"

namespace gentle {

// Returns in a child of this process, which is to be the supervisor. This process waits for its
// end, and never returns. It is told from an orderly end by the exit status 0. `folder` is the
// open and locked state folder, which stays locked until both have ended; `client` is the
// connection of the first client, which is the supervisor's alone.
void leave_successor(const LoadedSpec& loaded, int folder, int client, OutputPipe& output);

}  // namespace gentle

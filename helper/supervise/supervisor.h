// The process that owns one service, from before its start until nothing of it is left.
#pragma once

#include "supervise/dependencies.h"

namespace gentle {

// What a copy of `gentle start` does in a session of its own. `folder` is the open and locked state
// folder, `client` the connection of that `gentle start`, `lock` the other descriptor of the
// folder's lock, or -1. Returns when the service is gone; whatever there is to tell goes to the
// clients and to the journal. `earlier` is kept in the state.
void supervise(const LoadedSpec& loaded, int folder, int client, int lock, EarlierEnd earlier);

}  // namespace gentle

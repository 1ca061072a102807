// Who has called this process.
#pragma once

#include <optional>

#include "base/process_id.h"

namespace gentle {

// The ctest that it was called by; nothing: it was called by hand. Throws Error if the caller is
// gone: a ctest that was killed before it could be found here is nobody's ancestor any more, and
// what is done in its name would last for ever. So ask this first of all.
std::optional<ProcessId> calling_ctest();

}  // namespace gentle

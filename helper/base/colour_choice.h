// Whether what is printed has colours.
#pragma once

#include "base/environment.h"

namespace gentle {

// NO_COLOR turns them off, CLICOLOR_FORCE (but 0) on; else a terminal has them, unless CLICOLOR is
// 0 or TERM is dumb. A variable that is empty is as one that is not set.
bool wants_colour(const Environment& environment, bool is_terminal);

}  // namespace gentle

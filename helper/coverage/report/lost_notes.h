// Objects that were compiled with counters, and whose .gcno is gone: nobody can tell their sources.
#pragma once

#include <string>
#include <vector>

#include "coverage/merge/object_files.h"

namespace gentle {

// One warning for all of them, or none. Those that have run are told of by their .gcda.
std::vector<std::string> lost_notes_warnings(const ObjectFiles& files);

}  // namespace gentle

// Reads the tracefile of a gcovr, or ours, as a table of counts.
#pragma once

#include <string>
#include <string_view>

#include "coverage/table/coverage_table.h"

namespace gentle {

// The sources are named as in the tracefile, relative to the root as a rule. What it does not tell
// is 0 or false: the blocks of functions and lines, and where the functions of branches begin.
// Branches of one line stand in one group for each block of theirs that the tracefile tells. Counts
// of one line of several functions are added.
//
// Throws Error, which names `path`, for what is no whole tracefile of a known version.
CoverageTable read_tracefile(std::string_view json, const std::string& path);

}  // namespace gentle

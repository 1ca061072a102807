// Runs gcovr to its end, and says in its own words why that was a bad one.
#pragma once

#include <string>
#include <vector>

#include "coverage/report/gcovr.h"
#include "os/tool.h"

namespace gentle {

// Throws Error if it fails.
void run_gcovr(const ToolRun& run, GcovrVersion version);

// The last lines of its log, without Python's tracebacks: of those, only what went wrong.
std::vector<std::string> words_of_gcovr(const std::string& log);
std::vector<std::string> without_tracebacks(const std::vector<std::string>& lines);

}  // namespace gentle

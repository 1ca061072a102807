// Several ctest in one build folder at the same time share what is counted there: the reset of one
// removes what the others have counted.
#pragma once

#include <string>

namespace gentle {

// The ctest above this process has had everything reset. By hand: nothing.
void note_reset(const std::string& coverage_spec);

// For a report of the ctest above this process: whether others have run since its reset, and could
// spoil the numbers; "" if none.
std::string sharing_warning(const std::string& coverage_spec);

}  // namespace gentle

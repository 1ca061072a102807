// What the command line of a ctest tells about its fixtures.
#pragma once

#include <string>
#include <vector>

namespace gentle {

// The regular expressions of `-FC` and `-FA`: of a fixture whose name one of them matches, this
// ctest adds no cleanup to the tests that it was asked for.
std::vector<std::string> excluded_cleanups(const std::vector<std::string>& ctest_arguments);

}  // namespace gentle

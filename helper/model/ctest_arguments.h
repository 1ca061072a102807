// What the command line of a ctest tells.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"

namespace gentle {

// The regular expressions of `-FC` and `-FA`: of a fixture whose name one of them matches, this
// ctest adds no cleanup to the tests that it was asked for.
std::vector<std::string> excluded_cleanups(const std::vector<std::string>& ctest_arguments);

// `--timeout <seconds>`: of the tests without a TIMEOUT.
std::optional<Duration> timeout_option(const std::vector<std::string>& ctest_arguments);

// Whether it was asked for some of its tests only: by name, label, number or a list, or those that
// failed the last time.
bool selects_tests(const std::vector<std::string>& ctest_arguments);

bool reruns_failed(const std::vector<std::string>& ctest_arguments);

// `-S <script>` and its like: the script decides much of what is else in DartConfiguration.tcl.
bool runs_script(const std::vector<std::string>& ctest_arguments);

}  // namespace gentle

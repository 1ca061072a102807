// Has the processes of a service or a test record which lines of Python they execute, and which
// ways they take from line to line if branches are wanted: by a private
// sitecustomize on PYTHONPATH (assets/python), which each interpreter imports when it starts.
#pragma once

#include <string>
#include <string_view>

#include "base/environment.h"

namespace gentle {

// Writes the recorder below the coverage folder of the build, where it stays. Returns its folder.
std::string install_python_recorder(const std::string& coverage_folder);

// The user's PYTHONPATH stays behind the recorder's folder. The hits of process <pid> go into
// <hits>/<pid>/.
void add_python_recorder(Environment& environment, const std::string& recorder,
                         const std::string& hits, bool branches);

// The script that asks coverage.py which lines count (report/python_gathering.h).
std::string_view python_report_script();

}  // namespace gentle

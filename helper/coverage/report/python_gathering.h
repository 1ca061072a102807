// What processes of Python have executed, as lines of the same table as all the rest. Which lines
// are statements coverage.py tells, by the project's own configuration of it.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "coverage/report/recorded_lines.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

// Of those of these files of hits that are Python's. Each source is counted by an interpreter that
// has coverage.py and its plugins: of the newest version that has executed it, else of the others
// that have recorded, else the one in PATH.
RecordedTable gather_python(const std::vector<std::string>& hits, const CoverageSpec& spec,
                            const WorkFiles& work, const Environment& environment);

}  // namespace gentle

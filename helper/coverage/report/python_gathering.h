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

// Of those of these files of hits that are Python's, by the first interpreter that has coverage.py:
// those that have recorded, then the one in PATH.
RecordedTable gather_python(const std::vector<std::string>& hits, const CoverageSpec& spec,
                            const WorkFiles& work, const Environment& environment);

}  // namespace gentle

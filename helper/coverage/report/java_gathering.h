// What processes of Java have executed, as lines, branches and functions of the same table as all
// the rest: JaCoCo counts them.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "coverage/report/recorded_lines.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

// Of those of these files of hits that are Java's.
RecordedTable gather_java(const std::vector<std::string>& hits, const CoverageSpec& spec,
                          const WorkFiles& work, const Environment& environment);

}  // namespace gentle

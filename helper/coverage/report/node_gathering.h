// What processes of Node have executed, as lines of the same table as all the rest. Which lines are
// statements their recorder has written.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "coverage/report/recorded_lines.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

// Of those of these files of hits that are Node's.
RecordedTable gather_node(const std::vector<std::string>& hits, const CoverageSpec& spec,
                          const WorkFiles& work, const Environment& environment);

}  // namespace gentle

// Objects that another build has compiled (make, autotools, meson, cargo, ExternalProject). Which
// ones there are is only known of the folders of OBJECTS, and by the data of processes: so they are
// noted until the next reset.
#pragma once

#include <string>
#include <vector>

#include "coverage/merge/merged_data.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

// Of all configurations if `config` is "".
ObjectFiles find_objects(const CoverageSpec& spec, const WorkFiles& work,
                         const std::string& config);

// Adds up what ended processes have counted, and notes the objects of other builds among it. Not
// only in a build folder of CMake's.
MergedData merge_data(const CoverageSpec& spec, const WorkFiles& work);

// From now on data of objects that nobody knew is of this run only if it is not older.
void note_reset(const WorkFiles& work);

}  // namespace gentle

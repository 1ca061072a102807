// Processes of which nothing can be in the report: it must not look as if they had never run.
#pragma once

#include <vector>

#include "base/error.h"
#include "coverage/merge/merged_data.h"
#include "coverage/report/absent_sources.h"
#include "coverage/report/compiled_objects.h"
#include "model/coverage_spec.h"

namespace gentle {

// Those whose data belongs to no .gcno that anybody knows.
std::vector<Error> uncounted_processes(const MergedData& merged);

// Programs of other builds whose sources are all in folders that do not count, where nobody has
// chosen that by FILTER.
std::vector<Error> processes_elsewhere(const CoverageSpec& spec, const MergedData& merged,
                                       const ObjectFiles& files,
                                       const std::vector<CompiledObject>& objects,
                                       const SourceFates& fates);

}  // namespace gentle

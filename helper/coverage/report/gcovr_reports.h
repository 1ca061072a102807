// The formats that gcovr writes, from the tracefile.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "coverage/report/gcovr.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

// Looks for gcovr, and asks it for its version. Throws Error if there is none that makes reports.
GcovrCall find_gcovr(const CoverageSpec& spec, const WorkFiles& work,
                     const Environment& environment);

// Writes the spec's formats. One call of gcovr writes them all; if it fails, each is written by a
// call of its own, so that one format costs only itself. Leaves in `spec` those that are written,
// and returns why the others are not.
std::vector<Error> write_gcovr_reports(CoverageSpec& spec, const WorkFiles& work,
                                       const GcovrCall& call, const Environment& environment);

}  // namespace gentle

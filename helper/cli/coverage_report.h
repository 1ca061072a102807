// How a coverage report is told to whoever has asked for it.
#pragma once

#include "base/environment.h"
#include "coverage/report/coverage_step.h"

namespace gentle {

// Warnings and failures on standard error, the summary on standard output, in colours if
// `environment` or a terminal asks for them. Returns the exit code.
int print_coverage_report(const CoverageReport& report, const Environment& environment);

}  // namespace gentle

// One report of the reports that several runs have made, on one machine or on many: the parts of a
// test run by `ctest -I`, for one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "coverage/report/coverage_step.h"

namespace gentle {

struct CombineRequest {
  std::vector<std::string> inputs;        // folders of reports, records of runs, tracefiles
  std::string root;                       // of the checkout: where the sources are read
  std::string output;                     // a folder
  std::vector<std::string> formats;       // none: those of the first record
  int parts = 0;                          // how many runs there have to be; 0: nobody knows
  std::optional<double> fail_under_line;  // percent
  std::optional<double> fail_under_branch;
};

// Writes the report. Of records it is what one whole run would have written. Throws Error, and
// leaves an earlier report alone, if an input cannot be read or does not belong to the others.
CoverageReport combine_reports(const CombineRequest& request, const Environment& environment);

}  // namespace gentle

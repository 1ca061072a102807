// All formats of a report, from the table of counts.
#pragma once

#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "coverage/formats/table_summary.h"
#include "coverage/report/asked_gcovr.h"
#include "coverage/report/work_files.h"
#include "coverage/table/coverage_table.h"
#include "model/coverage_spec.h"

namespace gentle {

struct TableReports {
  CoverageSummary summary;
  std::vector<Error> failures;  // why formats are not written
};

// Writes the native formats, and the others by gcovr. Leaves in `spec` those that are written.
TableReports write_table_reports(CoverageSpec& spec, const WorkFiles& work,
                                 const CoverageTable& table, const AskedGcovr& gcovr,
                                 const Environment& environment);

}  // namespace gentle

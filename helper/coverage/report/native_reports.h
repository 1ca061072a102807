// The formats that are written here, from the table of counts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "coverage/formats/format_options.h"
#include "coverage/formats/table_summary.h"
#include "coverage/table/coverage_table.h"
#include "model/coverage_spec.h"
#include "model/report_format.h"

namespace gentle {

// The time is that of SOURCE_DATE_EPOCH, if it is set, so that a build may be reproducible.
FormatOptions format_options(const CoverageSpec& spec, const Environment& environment);

struct NativeReports {
  const CoverageTable& table;
  const CoverageSummary& summary;
  const FormatOptions& options;
  std::function<GcovrVersion()> gcovr;  // which is to read `json`; asked by one thread
};

// Writes those of the spec's formats that are native, by as many threads as there are processors.
// Takes those off the spec that cannot be written, and returns why.
std::vector<Error> write_native_reports(CoverageSpec& spec, const NativeReports& reports);

}  // namespace gentle

// Writes a summary as gcovr's --json-summary does: the totals, and a row a file.
#pragma once

#include <string>

#include "coverage/formats/format_options.h"
#include "coverage/formats/table_summary.h"

namespace gentle {

// `folder`: where the file will be; the root is told relative to it.
std::string json_summary_text(const CoverageSummary& summary, const FormatOptions& options,
                              const std::string& folder);

}  // namespace gentle

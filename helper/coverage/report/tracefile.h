// What gcovr writes as JSON: the tracefile with every line, and the summary of a report.
#pragma once

#include <string>
#include <string_view>

#include "coverage/formats/table_summary.h"
#include "coverage/report/counted_lines.h"

namespace gentle {

// The lines that count: not those that a marker in the source excludes, nor those that gcovr takes
// for no code; a file may have none. Relative paths in the tracefile start from `root`. Throws
// Error, which names `path`, for text that is no tracefile.
CountedLines counted_lines_of_tracefile(std::string_view json, const std::string& root,
                                        const std::string& path);

// Throws Error, which names `path`, for text that is no summary.
CoverageSummary parse_coverage_summary(std::string_view json, const std::string& path);

}  // namespace gentle

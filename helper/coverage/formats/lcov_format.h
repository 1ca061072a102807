// Writes the table as a tracefile of lcov, which version 1 and 2 of lcov and genhtml read.
#pragma once

#include <string>

#include "coverage/formats/format_options.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

std::string lcov_text(const CoverageTable& table, const FormatOptions& options);

}  // namespace gentle

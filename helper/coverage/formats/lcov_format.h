// Writes the table as a tracefile of lcov, which version 1 and 2 of lcov and genhtml read.
#pragma once

#include "base/parted_text.h"
#include "coverage/formats/format_options.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

void write_lcov(const CoverageTable& table, const FormatOptions& options, PartedText& text);

}  // namespace gentle

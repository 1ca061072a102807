// Writes the table as text for people, a row a file, with the lines that were not executed.
#pragma once

#include <string>

#include "coverage/formats/format_options.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

// The columns of gcovr's: the row TOTAL ends with the percentage that GitLab's `coverage:` looks
// for.
std::string text_table(const CoverageTable& table, const FormatOptions& options);

}  // namespace gentle

// Writes the table as XML by Cobertura's coverage-04.dtd, which GitLab, Jenkins, Azure and ctest
// read.
#pragma once

#include <string>

#include "coverage/formats/format_options.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

// One source folder, the root; a package for each folder. Without methods, and one line a line:
// GitLab reads 10 MiB.
std::string cobertura_text(const CoverageTable& table, const FormatOptions& options);

}  // namespace gentle

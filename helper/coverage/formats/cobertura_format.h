// Writes the table as XML by Cobertura's coverage-04.dtd, which GitLab, Jenkins, Azure and ctest
// read.
#pragma once

#include "base/parted_text.h"
#include "coverage/formats/format_options.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

// One source folder, the root; a package for each folder. Without methods, and one line a line:
// GitLab reads 10 MiB.
void write_cobertura(const CoverageTable& table, const FormatOptions& options, PartedText& text);

}  // namespace gentle

// The lines that a report counts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coverage/table/coverage_table.h"

namespace gentle {

// For each source file, by absolute path, its lines in ascending order.
using CountedLines = std::map<std::string, std::vector<std::uint32_t>>;

// Not those that a marker in the source excludes; a file may have none.
CountedLines counted_lines(const CoverageTable& table);

}  // namespace gentle

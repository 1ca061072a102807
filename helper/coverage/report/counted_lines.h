// The lines that a report counts: what `ctest -T Coverage` has to count as well.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/table/coverage_table.h"

namespace gentle {

// For each source file, by absolute path (without links, once it is written), its lines in
// ascending order.
using CountedLines = std::map<std::string, std::vector<std::uint32_t>>;

// Not those that a marker in the source excludes; a file may have none.
CountedLines counted_lines(const CoverageTable& table);

std::string write_counted_lines(const CountedLines& lines);

// Throws Error, which names `path`, if the text is not a whole one.
CountedLines parse_counted_lines(std::string_view text, const std::string& path);

}  // namespace gentle

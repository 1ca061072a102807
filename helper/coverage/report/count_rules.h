// What becomes of the counts of a source once all of them are added up, in every report alike.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "coverage/table/coverage_table.h"

namespace gentle {

// Takes lines, and branches of lines, out of the count.
void exclude(TableSource& source, const std::set<std::uint32_t>& lines,
             const std::set<std::uint32_t>& branches);

// Takes counts below zero for none: threads leave them that count without -fprofile-update=atomic.
// Adds a warning if there are such counts, and one if there are counts too large for a number.
void look_for_odd_counts(const std::string& path, TableSource& source,
                         std::vector<std::string>& warnings);

// Looks up how people write the names of all functions, which takes as long as a format: once for
// all of them, by as many threads as there are processors.
void name_functions(CoverageTable& table);

}  // namespace gentle

// The summary of a report for people.
#pragma once

#include <string>
#include <vector>

#include "coverage/formats/table_summary.h"
#include "model/coverage_spec.h"

namespace gentle {

// A line a file and one for all. More than `most_files`: those with the most lines that were not
// executed.
std::string summary_table(const CoverageSummary& summary, std::size_t most_files);

// What a report prints: its title, the table, and where each format of the spec is.
std::string report_text(const CoverageSpec& spec, const CoverageSummary& summary);

// A warning for a limit that nothing can miss: Go and stable Rust have no branches.
std::vector<std::string> empty_limits(const CoverageSpec& spec, const CoverageSummary& summary);

// One line for each limit that is not reached.
std::vector<std::string> unreached_limits(const CoverageSpec& spec, const CoverageSummary& summary);

}  // namespace gentle

// What gcovr writes as JSON: the tracefile with every line, and the summary of a report.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/report/counted_lines.h"

namespace gentle {

// The lines that count: not those that a marker in the source excludes, nor those that gcovr takes
// for no code; a file may have none. Relative paths in the tracefile start from `root`. Throws
// Error, which names `path`, for text that is no tracefile.
CountedLines counted_lines_of_tracefile(std::string_view json, const std::string& root,
                                        const std::string& path);

struct Share {
  std::uint64_t covered = 0;
  std::uint64_t total = 0;
};

struct FileSummary {
  std::string file;  // as gcovr names it: relative to the source directory
  Share lines;
  Share branches;
};

struct CoverageSummary {
  std::vector<FileSummary> files;
  Share lines;
  Share branches;
};

// Throws Error, which names `path`, for text that is no summary.
CoverageSummary parse_coverage_summary(std::string_view json, const std::string& path);

}  // namespace gentle

// What a report tells in one row a file: how many lines, branches and functions were executed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "coverage/formats/counted_source.h"
#include "coverage/formats/format_options.h"
#include "coverage/formats/share.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

struct FileSummary {
  std::string file;  // relative to the root if it is below it
  Share lines;
  Share branches;
  Share functions;
  Share conditions = {};  // none unless compiled with -fcondition-coverage
};

struct CoverageSummary {
  std::vector<FileSummary> files;
  Share lines;
  Share branches;
  Share functions;
  Share conditions = {};
};

// A line, branch or function is covered if its count is more than 0.
CoverageSummary summarize(const CoverageTable& table, const FormatOptions& options);

// Of one source, without its functions, whose names take time.
FileSummary summarize_lines(const std::string& path, const TableSource& source,
                            const FormatOptions& options);

Share share_of(const std::vector<CountedFunction>& functions);

// All in the order of their names; if there are more than `most`, those with the most lines that
// were not executed.
std::vector<FileSummary> worst_files(const CoverageSummary& summary, std::size_t most);

}  // namespace gentle

// What Go programs have counted, as lines of the same table as all the rest: by Go's own files,
// without its tools.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/environment.h"
#include "coverage/combine/recorded_go.h"
#include "coverage/report/absent_sources.h"
#include "coverage/report/work_files.h"
#include "coverage/table/coverage_table.h"
#include "model/coverage_spec.h"

namespace gentle {

struct GoGathered {
  CoverageTable table;                      // of the sources that count
  std::map<std::string, GoSource> counted;  // likewise, what adds up to counts of other runs
  std::set<std::string> uncounted;          // those that would count, but have no counts here
  SourceFates absent;  // the others; of a package that is not found here, by its own path
  std::vector<std::string> warnings;
};

// Of these covmeta and covcounters files. A line counts if a block of the compiler's covers a part
// of it, and has the highest of their counts, as `go tool cover` colours it. docs/go-coverage.md
// says more.
GoGathered gather_go(const std::vector<std::string>& files, const CoverageSpec& spec,
                     const WorkFiles& work, const Environment& environment);

}  // namespace gentle

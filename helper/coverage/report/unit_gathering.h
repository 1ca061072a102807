// Reads what the compiler and the processes have written about all objects into one table.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "coverage/report/compiled_objects.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

struct Gathered {
  CoverageTable table;
  std::vector<std::string> warnings;
  std::vector<Error> failures;  // objects that cannot be read
};

// Whether all of them are of a gcc whose files are read here; what Clang writes is not.
bool can_gather(const std::vector<CompiledObject>& objects);

// Of the sources in `counted` only, by the path that reports show; what a marker in a source
// excludes is told to be so.
Gathered gather_units(const std::vector<CompiledObject>& objects,
                      const std::set<std::string>& counted);

}  // namespace gentle

// Reads what the compiler and the processes have written about all objects into one table.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "coverage/report/asked_gcov.h"
#include "coverage/report/compiled_objects.h"
#include "coverage/report/run_recording.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

struct Gathered {
  CoverageTable table;
  std::vector<std::string> warnings;
  std::vector<Error> failures;  // objects that cannot be read
  std::string by_gcov;          // lines: whose objects a gcov has counted, and why; "" of none
};

// Told from several threads how many of all objects are done.
using Progress = std::function<void(std::size_t done, std::size_t all)>;

// Of the sources in `counted` only, by the path that reports show. Objects that are not read here
// are counted by `gcov`, and told of. All of
// it is recorded too, if there is a recording.
Gathered gather_units(const std::vector<CompiledObject>& objects,
                      const std::set<std::string>& counted, AskedGcov& gcov,
                      const Progress& progress = {}, RunRecording* recording = nullptr);

// When all is in the table: what a marker in a source excludes is told to be so, and counts that
// threads have lost are taken for none.
void finish_table(Gathered& gathered, RunRecording* recording = nullptr);

}  // namespace gentle

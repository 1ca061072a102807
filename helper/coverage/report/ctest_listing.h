// What a report has counted, for `ctest -T Coverage`, which knows gcov's files alone: one file that
// it takes for data, and hands to the gcov that we are (ctest/ctest_gcov.h). Where it is, all
// other data tells ctest nothing: it counts what the report counts, once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/table/coverage_table.h"
#include "model/coverage_spec.h"

namespace gentle {

std::string ctest_listing(const CoverageTable& table);

struct ListedSource {
  std::string path;
  std::string gcov;  // the text of a .gcov file
};

// Nothing if it is a file of another kind.
std::optional<std::vector<ListedSource>> read_ctest_listing(std::string_view text);

// Where ctest looks for data: in the folder of the target NAME, in that of the configuration.
void leave_ctest_listing(const CoverageSpec& spec, const CoverageTable& table);
bool is_ctest_told(const CoverageSpec& spec);

// Of all configurations: a reset removes the data of all.
void remove_ctest_listings(const CoverageSpec& spec);

}  // namespace gentle

// What clang's source-based coverage has counted, for `ctest -T Coverage`, which knows gcov's files
// alone: one file that it takes for a .gcda, and hands to the gcov that we are (ctest_gcov.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/table/coverage_table.h"

namespace gentle {

// `whole`: with the counts of all compilers, and with what markers exclude. "" if there is nothing.
std::string write_llvm_lines(const CoverageTable& by_llvm, const CoverageTable& whole);

struct LlvmListing {
  std::string source;
  std::string gcov;  // the text of a .gcov file
};

// Nothing if it is a file of another kind.
std::optional<std::vector<LlvmListing>> read_llvm_lines(std::string_view text);

}  // namespace gentle

// What a gcov tells of an object whose files are not read here: in the JSON of GCC's, in the
// listing of LLVM's, which has no JSON.
#pragma once

#include <list>
#include <string>
#include <string_view>

#include "coverage/gcov/unit_lines.h"

namespace gentle {

struct GcovOutput {
  UnitLines unit;
  std::list<std::string> names;  // of functions, to which `unit` refers
};

// Of `gcov --json-format --branch-probabilities --stdout`. It does not tell how often a function
// returned: it is taken for each time that it was called. Throws Error, which names `name`, for
// text that is not such.
GcovOutput read_gcov_json(std::string_view json, const std::string& name);

// Of `llvm-cov gcov -b -c -t`. It tells neither which function a branch belongs to, nor which
// branches are throws; of the blocks of a function only how many of a hundred were executed. Throws
// Error, which names `name`, for a count that is no number.
GcovOutput read_gcov_listing(std::string_view listing, const std::string& name);

}  // namespace gentle

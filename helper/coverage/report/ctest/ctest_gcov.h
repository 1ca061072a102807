// The gcov of `ctest -T Coverage`: runs the real one and has ctest count what the report counts.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"

namespace gentle {

struct CtestGcovEnd {
  std::string output;  // for ctest
  int exit_code = 0;
};

// `folder` holds the coverage spec, or with several configurations a folder for each; `arguments`
// are gcov's own, the .gcda file last.
CtestGcovEnd run_ctest_gcov(const std::string& folder, const std::vector<std::string>& arguments,
                            const Environment& environment);

}  // namespace gentle

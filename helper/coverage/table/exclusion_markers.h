// Comments in a source by which its author takes lines or branches out of the count, as gcovr and
// lcov know them:
//   <tool>_EXCL_LINE                                this line
//   <tool>_EXCL_START ... <tool>_EXCL_STOP          these lines, both included
//   <tool>_EXCL_BR_LINE, ..._BR_START, ..._BR_STOP  the branches of these lines
// where <tool> is GCOV, GCOVR or LCOV.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gentle {

struct ExclusionMarkers {
  std::set<std::uint32_t> lines;
  std::set<std::uint32_t> branches;
  // What is wrong with them, one text each: "line 7: LCOV_EXCL_START has no LCOV_EXCL_STOP".
  std::vector<std::string> problems;
};

ExclusionMarkers find_exclusion_markers(std::string_view source);

}  // namespace gentle

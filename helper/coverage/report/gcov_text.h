// What gcov prints and writes as text, and what `ctest -T Coverage` reads of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gentle {

// A part of gcov's standard output: about one source file, or what stands between.
struct GcovBlock {
  std::string text;     // with its newlines
  std::string source;   // "": about no file
  std::string created;  // the .gcov file; "" if there is none
};

std::vector<GcovBlock> split_gcov_output(std::string_view output);

// Rewrites a .gcov file so that ctest counts just what the report counts:
//   a line that is not in `lines` (ascending; nullptr: all are) becomes one without code;
//   ===== (never executed, reached by exceptions only), which ctest takes for no code, becomes
//   #####; so does a negative count, which gcovr takes for none; a count too wide for its column,
//   which ctest cannot read, becomes the widest that fits.
std::string count_as_reported(std::string_view gcov, const std::vector<std::uint32_t>* lines);

}  // namespace gentle

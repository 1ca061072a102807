// EXTRA_ARGS of discovered tests: the file that discover_fixture_tests writes and `gentle run
// --append-from` reads. CTest is told of discovered tests through lists, which would lose
// arguments.
//
// Text in the manner of a spec: the first line is `gentle-arguments 1`, then `argument <raw>` for
// each one, and the last line is `end`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gentle {

// Throws Error, which names `path` and the line, for whatever is not a whole and valid file.
std::vector<std::string> parse_argument_file(std::string_view text, const std::string& path);

}  // namespace gentle

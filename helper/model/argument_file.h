// Words for `gentle run` in a file. EXTRA_ARGS of discovered tests (--append-from): CTest is told
// of these through lists, which would lose arguments. ENVIRONMENT of a test (--env-from): a command
// line can be read by everybody.
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

// "did you mean ...?": the nearest of the known words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gentle {

// The known word with the smallest edit distance to `word`, or "" when none is near enough to be
// a misspelling (two letters, or a third of its length).
std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace gentle

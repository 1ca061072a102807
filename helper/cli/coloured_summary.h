// The summary of a report as a terminal shows it.
#pragma once

#include <string>
#include <string_view>

namespace gentle {

// The first line becomes bold; shares such as "83.9% (52/62)" become green from 90 % on, yellow
// from 75 %, else red, as in `markdown`. Nothing else changes.
std::string coloured_summary(std::string_view text);

}  // namespace gentle

// What a supervisor did, for people who wonder: its standard error, `supervisor.log` in the state
// folder.
#pragma once

#include <string>

namespace gentle {

// One entry with the local time in front; a newline at its end is added where it is missing.
void journal(const std::string& text);

// A command's line about what is not as it should be, and is gone on with: "gentle: warning:
// <text>".
void warn(const std::string& text);

}  // namespace gentle

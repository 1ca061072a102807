#pragma once

namespace gentle {

// The whole program: reads the command line, does it, prints what went wrong, once. Returns the
// exit code.
int run_command_line(int argc, const char* const* argv);

}  // namespace gentle

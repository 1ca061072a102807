// Output of the subcommands.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "base/printable.h"

namespace gentle {

// With the control characters that are in it: colours, and what moves the cursor.
inline void write_as_it_is(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

// Much of what is told is not ours: names of processes, a service's STATUS=, its log.
inline void print(std::FILE* stream, std::string_view foreign) {
  write_as_it_is(stream, printable(foreign));
}

// A line about what takes long: under ctest -V it is seen at once.
inline void tell_on_stderr(const std::string& line) { print(stderr, line); }

}  // namespace gentle

// Output of the subcommands.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "base/printable.h"

namespace gentle {

// Much of what is told is not ours: names of processes, a service's STATUS=, its log.
inline void print(std::FILE* stream, std::string_view foreign) {
  const std::string text = printable(foreign);
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

// A line about what takes long: under ctest -V it is seen at once.
inline void tell_on_stderr(const std::string& line) { print(stderr, line); }

}  // namespace gentle

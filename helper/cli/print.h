// Output of the subcommands.
#pragma once

#include <cstdio>
#include <string>

namespace gentle {

inline void print(std::FILE* stream, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

// A line about what takes long: under ctest -V it is seen at once.
inline void tell_on_stderr(const std::string& line) { print(stderr, line); }

}  // namespace gentle

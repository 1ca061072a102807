// Output of the subcommands.
#pragma once

#include <cstdio>
#include <string>

namespace gentle {

inline void print(std::FILE* stream, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

}  // namespace gentle

// What the writers of all formats are told besides the counts.
#pragma once

#include <cstdint>
#include <string>

namespace gentle {

struct FormatOptions {
  std::string root;  // absolute; paths below it are shown relative to it
  std::string title = "Coverage";
  std::int64_t timestamp = 0;   // of the report, in seconds since 1970
  bool throw_branches = false;  // whether branches count that only an exception takes
};

}  // namespace gentle

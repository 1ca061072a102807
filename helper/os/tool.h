// Runs tools (gcovr, gcov, those of LLVM and of Java) to their end.
#pragma once

#include <string>
#include <vector>

#include "base/end_status.h"
#include "base/environment.h"

namespace gentle {

struct ToolRun {
  std::vector<std::string> command;
  Environment environment;
  std::string working_directory;  // "": this process's own
  std::string log;  // a file that takes what it prints, added at its end; "": see `output`
  std::string error_log = {};  // without `log`: the same for standard error; "": it is inherited
};

struct ToolEnd {
  EndStatus end;
  std::string output;  // standard output, when there is no log
};

// Throws Error if the program cannot be started.
ToolEnd run_tool(const ToolRun& run);

}  // namespace gentle

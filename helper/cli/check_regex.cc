// Not for people: the CMake functions check READY LOG with it when they configure.
#include "base/error.h"
#include "base/exit_code.h"
#include "cli/subcommands.h"
#include "os/regex.h"

namespace gentle {

int run_check_regex(const Arguments& arguments) {
  if (arguments.size() != 1) throw Error("check regex", "", "takes one").exit_code(kExitUsage);
  try {
    const Regex regex(arguments[0]);
  } catch (Error& error) {
    throw error.exit_code(kExitFailed);
  }
  return kExitOk;
}

}  // namespace gentle

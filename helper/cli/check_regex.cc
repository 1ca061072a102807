// Not for people: the CMake functions check READY LOG with it when they configure.
#include "base/error.h"
#include "base/exit_code.h"
#include "cli/subcommands.h"
#include "model/foreign_regex.h"
#include "os/regex.h"

namespace gentle {

int run_check_regex(const Arguments& arguments) {
  if (arguments.size() != 1) throw Error("check regex", "", "takes one").exit_code(kExitUsage);
  // First, since the C library calls some of that wrong, and takes the rest for something else.
  const std::string foreign = foreign_syntax(arguments[0]);
  if (!foreign.empty()) throw Error("read regex", arguments[0], foreign).exit_code(kExitFailed);
  try {
    const Regex regex(arguments[0]);
  } catch (Error& error) {
    throw error.exit_code(kExitFailed);
  }
  return kExitOk;
}

}  // namespace gentle

// Not for people: the CMake functions check FORMATS with it when they configure. The first argument
// is GENTLE_GCOVR, which may be empty.
#include <unistd.h>

#include "base/environment.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "coverage/report/coverage_step.h"

namespace gentle {

int run_check_formats(const Arguments& arguments) {
  if (arguments.empty()) throw Error("check formats", "", "takes a gcovr").exit_code(kExitUsage);
  const std::string cause = unwritable_formats({arguments.begin() + 1, arguments.end()},
                                               arguments.front(), Environment::from(environ));
  print(stdout, cause);
  return cause.empty() ? kExitOk : kExitFailed;
}

}  // namespace gentle

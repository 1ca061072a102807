// Not for people: the CMake functions check FILTER and EXCLUDE with it when they configure. The
// first argument is GENTLE_GCOVR, which may be empty; then keywords and regular expressions in
// turn.
#include <unistd.h>

#include "base/environment.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "coverage/report/filters.h"

namespace gentle {

int run_check_filters(const Arguments& arguments) {
  if (arguments.size() % 2 == 0) {
    throw Error("check filters", "", "takes a gcovr, and keywords with their values")
        .exit_code(kExitUsage);
  }
  std::vector<Filter> filters;
  for (std::size_t i = 1; i < arguments.size(); i += 2) {
    filters.push_back({arguments[i], arguments[i + 1]});
  }
  const auto wrong = find_wrong_filter(filters, arguments.front(), Environment::from(environ));
  if (!wrong) return kExitOk;
  print(stdout, wrong->filter.keyword + ": '" + wrong->filter.regex + "': " + wrong->cause + ".");
  return kExitFailed;
}

}  // namespace gentle

// Not for people: `gentle start` runs it.
#include "base/error.h"
#include "base/exit_code.h"
#include "base/number.h"
#include "cli/subcommands.h"
#include "supervise/supervisor.h"

namespace gentle {

int run_supervise(const Arguments& arguments) {
  const auto fd = [&](std::size_t i) { return parse_integer<int>(arguments.at(i), 3, 1 << 20); };
  const bool has_lock = arguments.size() == 4;
  if ((arguments.size() != 3 && !has_lock) || !fd(1) || !fd(2) || (has_lock && !fd(3))) {
    throw Error("supervise", "", "only gentle start may run this").exit_code(kExitUsage);
  }
  supervise(arguments[0], *fd(1), *fd(2), has_lock ? *fd(3) : -1);
  return kExitOk;
}

}  // namespace gentle

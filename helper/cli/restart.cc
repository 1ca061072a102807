#include <algorithm>
#include <iterator>

#include "base/exit_code.h"
#include "cli/caller.h"
#include "cli/declared_services.h"
#include "cli/options.h"
#include "cli/start_services.h"
#include "cli/subcommands.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle restart [options] [<service>...]

Stops services and starts them again, as `gentle stop` and `gentle start` do.
Without a name: all services of the build. Running services that depend on them
are restarted as well, since a service may get another port at each start.
A service that does not run is started.

  --build <dir>    the build folder [the current one, or the nearest above it]
  --config <name>  of a build with several configurations [the only one]

exit codes: those of `gentle start`; 1 as well if a stop was not good
)";

}  // namespace

int run_restart(const Arguments& arguments) {
  ServiceWords services;
  Options options("restart", kHelp);
  add_place_options(options, services);
  options.rest(services.words);
  options.parse(arguments);
  const auto owner = calling_ctest();
  std::vector<LoadedSpec> to_start = chosen_with_dependencies(services);
  const std::vector<LoadedSpec> named = chosen_users_first(services);
  std::vector<LoadedSpec> to_stop = running_users(services, named);
  std::copy(to_stop.begin(), to_stop.end(), std::back_inserter(to_start));
  std::copy(named.begin(), named.end(), std::back_inserter(to_stop));
  order_by_dependencies(to_start);
  order_by_dependencies(to_stop);
  std::reverse(to_stop.begin(), to_stop.end());
  const int stopped = stop_services(to_stop, owner);
  return std::max(stopped, start_services(to_start, owner));
}

}  // namespace gentle

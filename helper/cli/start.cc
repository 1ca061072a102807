#include "cli/caller.h"
#include "cli/declared_services.h"
#include "cli/options.h"
#include "cli/start_services.h"
#include "cli/subcommands.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle start [options] [<service>...]

Starts services, each after those that it depends on, and prints a line as each
becomes ready. Without a name: all services of the build. A path of a spec,
<build>/CMakeFiles/GentleFixtures/<service>.spec, starts that service alone.

  --build <dir>    the build folder [the current one, or the nearest above it]
  --config <name>  of a build with several configurations [the only one]

Started by hand, a service stays until `gentle stop` or `gentle down`. Below
ctest it belongs to that ctest, and ends with it even if that is killed; below
`ctest -FC <service>` it is left for the next run. Started again while it runs:
nothing to do, unless its program or spec has changed and nobody uses it.

exit codes: 0 ready, 1 could not become ready, 2 no such service, 77 the start
  of a service that it depends on is disabled in CTest, 125 gentle itself
  failed, 126 the program cannot be executed, 127 there is no such program
)";

}  // namespace

int run_start(const Arguments& arguments) {
  ServiceWords services;
  Options options("start", kHelp);
  add_place_options(options, services);
  options.rest(services.words);
  options.parse(arguments);
  const auto owner = calling_ctest();
  return start_services(chosen_with_dependencies(services), owner);
}

}  // namespace gentle

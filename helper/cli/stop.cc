#include "cli/caller.h"
#include "cli/declared_services.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/start_services.h"
#include "cli/subcommands.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle stop [options] [<service>...]

Stops services by their plans (STOP, default SIGINT 10 SIGTERM 5; SIGKILL ends
the list) and waits until nothing of them is left. Not running is good. Without
a name: all services of the build. Of several, users stop before what they use.
One that uses a stopped service runs on, and is named.

  --build <dir>    the build folder [the current one, or the nearest above it]
  --config <name>  of a build with several configurations [the only one]

Below ctest it gives up that ctest's use of a service: the last user stops it.
A bad end is told to each ctest that used it, and again if the stop is repeated.
By hand it stops the service whoever uses it.

Prints what `gentle run` had to say of tests whose output CTest matches, and
could not say there (<build>/Testing/Fixtures/<service>/tests/<test>.txt).

exit codes: 0 a good end, 1 it had ended before, ended with a status that
  EXIT_CODES does not name, or had to be killed; 2 no such service; 125 gentle
  itself failed
)";

void tell_left(const ServiceWords& services, const std::vector<LoadedSpec>& stopped) {
  for (const LoadedSpec& user : running_users(services, stopped)) {
    const std::string& name = user.spec.name;
    print(stderr, "gentle: warning: service '" + name +
                      "' runs on, and depends on what was stopped\nhint: gentle stop " + name +
                      "\n");
  }
}

}  // namespace

int run_stop(const Arguments& arguments) {
  ServiceWords services;
  Options options("stop", kHelp);
  add_place_options(options, services);
  options.rest(services.words);
  options.parse(arguments);
  const auto owner = calling_ctest();
  const auto chosen = chosen_users_first(services);
  const int code = stop_services(chosen, owner);
  if (!owner) tell_left(services, chosen);
  return code;
}

}  // namespace gentle

#include "cli/caller.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "cli/test_report.h"
#include "supervise/client.h"
#include "supervise/dependencies.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle stop <spec>

Stops the service by its plan (STOP, default SIGINT 10 SIGTERM 5; SIGKILL ends
the list) and waits until nothing of it is left. Not running is good.

Below ctest it gives up that ctest's use of the service: the last user stops
it. By hand it stops the service whoever uses it.

Prints what `gentle run` had to say of tests whose output CTest matches, and
could not say there (<build>/Testing/Fixtures/<service>/tests/<test>.txt).

exit codes: 0 a good end, 1 it had ended before, ended with a status that
  EXIT_CODES does not name, or had to be killed; 125 gentle itself failed
)";

}  // namespace

int run_stop(const Arguments& arguments) {
  std::string spec;
  Options options("stop", kHelp);
  options.required("spec", spec);
  options.parse(arguments);
  const auto owner = calling_ctest();
  const Spec service = load_spec(spec).spec;
  const Reply reply = stop_service(service, owner, tell_on_stderr);
  print(reply.exit_code == 0 ? stdout : stderr, reply.text);
  print(stdout, said_by_tests(service));
  return reply.exit_code;
}

}  // namespace gentle

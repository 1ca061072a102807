#include "cli/options.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "os/file.h"
#include "os/process.h"
#include "supervise/client.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle start <spec>

Starts the service that the file <spec> describes (add_fixture_service writes
it: <build>/CMakeFiles/GentleFixtures/<service>.spec) and returns when it is
ready. Its dependencies must run already.

Below ctest the service belongs to that ctest, and ends with it even if that
is killed. Started by hand it stays until `gentle stop` or `gentle down`.
Started again while it runs: nothing to do.

exit codes: 0 ready, 1 could not become ready, 77 a service that it depends on
  was not started, 125 gentle itself failed, 126 the program cannot be
  executed, 127 there is no such program
)";

}  // namespace

int run_start(const Arguments& arguments) {
  std::string spec;
  Options options("start", kHelp);
  options.required("spec", spec);
  options.parse(arguments);
  const Reply reply = start_service(absolute_path(spec), owning_ctest());
  print(reply.exit_code == 0 ? stdout : stderr, reply.text);
  return reply.exit_code;
}

}  // namespace gentle

#include "base/error.h"
#include "cli/caller.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "model/ctest_arguments.h"
#include "os/file.h"
#include "os/process.h"
#include "os/regex.h"
#include "supervise/client.h"
#include "supervise/dependencies.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle start <spec>

Starts the service that the file <spec> describes (add_fixture_service writes
it: <build>/CMakeFiles/GentleFixtures/<service>.spec) and returns when it is
ready. Its dependencies must run already.

Below ctest the service belongs to that ctest, and ends with it even if that
is killed; below `ctest -FC <service>` it is left for the next run. Started by
hand it stays until `gentle stop` or `gentle down`. Started again while it
runs: nothing to do.

exit codes: 0 ready, 1 could not become ready, 77 the start of a service that
  it depends on is disabled in CTest, 125 gentle itself failed, 126 the program
  cannot be executed, 127 there is no such program
)";

// CTest tells nobody that it was asked to leave a service running for its next run: its command
// line does.
AtOwnersEnd wish_of(const ProcessId& ctest, const std::string& fixture) {
  for (const std::string& pattern : excluded_cleanups(arguments_of(ctest.pid))) {
    try {
      if (Regex(pattern).matches(fixture, true, true)) return AtOwnersEnd::kLeave;
    } catch (const Error&) {
      // What CTest takes for a regular expression may be none to us: then it is as without it.
    }
  }
  return AtOwnersEnd::kStop;
}

}  // namespace

int run_start(const Arguments& arguments) {
  std::string spec;
  Options options("start", kHelp);
  options.required("spec", spec);
  options.parse(arguments);
  const auto owner = calling_ctest();
  const std::string path = absolute_path(spec);
  const auto then = owner ? wish_of(*owner, load_spec(path).spec.name) : AtOwnersEnd::kStop;
  const Reply reply = start_service(path, owner, then, tell_on_stderr);
  print(reply.exit_code == 0 ? stdout : stderr, reply.text);
  return reply.exit_code;
}

}  // namespace gentle

#include <algorithm>

#include "base/error.h"
#include "base/exit_code.h"
#include "cli/build_folder.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "supervise/client.h"
#include "supervise/dependencies.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle down [options]

Stops every service of a build folder by its plan, whoever uses it, users before
what they depend on, and cleans up after supervisors that were killed.

  --build <dir>  the build folder [the current one, or the nearest above it]

exit codes: 0 nothing runs any more, each end was good; 1 not every end was good
)";

}  // namespace

int run_down(const Arguments& arguments) {
  std::string build;
  Options options("down", kHelp);
  options.option("--build", build);
  options.parse(arguments);
  std::vector<std::string> paths;
  for (const FoundService& service : find_services(find_build_folder(build), {})) {
    if (service.state.phase != Phase::kStopped) paths.push_back(service.state.spec);
  }
  auto closure = load_closure(paths);
  std::reverse(closure.begin(), closure.end());
  int worst = kExitOk;
  for (const LoadedSpec& loaded : closure) {
    try {
      const Reply reply = stop_service(loaded.spec, std::nullopt);
      print(reply.exit_code == kExitOk ? stdout : stderr, reply.text);
      worst = std::max(worst, reply.exit_code);
    } catch (const Error& error) {
      print(stderr, error.message());
      worst = std::max(worst, error.exit_code());
    }
  }
  return worst;
}

}  // namespace gentle

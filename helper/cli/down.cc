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

// Of a service, or of an instance of it. The exit code.
int stop(const Spec& spec) {
  try {
    const Reply reply = stop_service(spec, std::nullopt);
    print(reply.exit_code == kExitOk ? stdout : stderr, reply.text);
    return reply.exit_code;
  } catch (const Error& error) {
    print(stderr, error.message());
    return error.exit_code();
  }
}

}  // namespace

int run_down(const Arguments& arguments) {
  std::string build;
  Options options("down", kHelp);
  options.option("--build", build);
  options.parse(arguments);
  std::vector<std::string> paths;
  std::vector<FoundService> instances;
  for (const FoundService& service : find_services(find_build_folder(build), {})) {
    if (service.is_instance) {
      instances.push_back(service);
    } else if (service.state.phase != Phase::kStopped) {
      paths.push_back(service.state.spec);
    }
  }
  // What a test has started last may need what it started before, and what ctest did.
  std::sort(instances.begin(), instances.end(), [](const auto& one, const auto& other) {
    return one.state.started_at > other.state.started_at;
  });
  int worst = kExitOk;
  for (const FoundService& instance : instances) {
    Spec spec = load_spec(instance.state.spec).spec;
    spec.state_dir = instance.state_dir;
    worst = std::max(worst, stop(spec));
  }
  auto closure = load_closure(paths);
  std::reverse(closure.begin(), closure.end());
  for (const LoadedSpec& loaded : closure) worst = std::max(worst, stop(loaded.spec));
  return worst;
}

}  // namespace gentle

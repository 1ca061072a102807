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
    const Reply reply = stop_service(spec, std::nullopt, tell_on_stderr);
    print(reply.exit_code == kExitOk ? stdout : stderr, reply.text);
    return reply.exit_code;
  } catch (const Error& error) {
    print(stderr, error.message());
    return error.exit_code();
  }
}

// Its spec may be gone, or of another build by now: what stops a service is its supervisor, and
// only what a killed one left needs the plan.
Spec spec_of(const FoundService& service) {
  Spec spec;
  try {
    if (!service.state.spec.empty()) spec = load_spec(service.state.spec).spec;
  } catch (const Error&) {
    // By the plan of a service that names none.
  }
  spec.name = service.state.service;
  spec.state_dir = service.state_dir;
  return spec;
}

// The supervisor of a user is among the owners of what it depends on.
bool uses(const FoundService& user, const FoundService& other) {
  const auto& owners = other.state.owners;
  return std::find(owners.begin(), owners.end(), user.state.supervisor) != owners.end();
}

void add_after_users(const FoundService& service, const std::vector<FoundService>& all,
                     std::vector<FoundService>& ordered) {
  const auto is_same = [&](const FoundService& other) {
    return other.state_dir == service.state_dir;
  };
  if (std::any_of(ordered.begin(), ordered.end(), is_same)) return;
  for (const FoundService& user : all) {
    if (!is_same(user) && uses(user, service)) add_after_users(user, all, ordered);
  }
  ordered.push_back(service);
}

// All that are not over. What was started last may need what was started before it, though nothing
// says so: a test's instance what the test uses.
std::vector<FoundService> users_first(std::vector<FoundService> all) {
  std::erase_if(all, is_over);
  std::sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
    const auto begun = one.state.started_at;
    return begun != other.state.started_at ? begun > other.state.started_at
                                           : one.state_dir < other.state_dir;
  });
  std::vector<FoundService> ordered;
  for (const FoundService& service : all) add_after_users(service, all, ordered);
  return ordered;
}

}  // namespace

int run_down(const Arguments& arguments) {
  std::string build;
  Options options("down", kHelp);
  options.option("--build", build);
  options.parse(arguments);
  const auto found = find_services(find_build_folder(build), {});
  int worst = found.worst;
  for (const FoundService& service : users_first(found.services)) {
    worst = std::max(worst, stop(spec_of(service)));
  }
  return worst;
}

}  // namespace gentle

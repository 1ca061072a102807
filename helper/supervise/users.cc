#include "supervise/users.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "os/file.h"
#include "supervise/dependencies.h"

namespace gentle {
namespace {

std::optional<State> service_of(const ProcessId& supervisor, const std::string& services) {
  for (const std::string& name : entries_of(services)) {
    try {
      auto state = load_state(services + "/" + name);
      if (state && state->supervisor == supervisor) return state;
    } catch (const Error&) {
      // Another user's, or no state: it is none of ours.
    }
  }
  return std::nullopt;
}

}  // namespace

bool all_are_for(const ProcessId& owner, const std::vector<ProcessId>& users,
                 const std::string& services) {
  return std::all_of(users.begin(), users.end(), [&](const ProcessId& user) {
    if (user == owner) return true;
    const auto service = service_of(user, services);
    return service && all_are_for(owner, service->owners, services);
  });
}

}  // namespace gentle

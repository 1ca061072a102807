#include "cli/build_folder.h"

#include <algorithm>

#include "base/error.h"
#include "base/exit_code.h"
#include "model/nearest.h"
#include "os/file.h"
#include "os/process.h"
#include "supervise/dependencies.h"

namespace gentle {
namespace {

constexpr const char* kFixtures = "/Testing/Fixtures";

Error unknown_service(const std::string& name, const std::vector<FoundService>& all) {
  std::vector<std::string> known;
  std::string list;
  for (const FoundService& service : all) {
    known.push_back(service.state.service);
    list += (list.empty() ? "" : ", ") + service.state.service;
  }
  const std::string near = nearest(name, known);
  return Error("find service", name,
               near.empty() ? "never started here" : "did you mean '" + near + "'?")
      .note("started here so far: " + (list.empty() ? "none" : list))
      .exit_code(kExitUsage);
}

}  // namespace

std::string find_build_folder(const std::string& given) {
  const std::string start = absolute_path(given);
  if (!given.empty()) {
    if (file_exists(start + kFixtures)) return start;
  } else {
    for (std::string folder = start;; folder.resize(folder.find_last_of('/'))) {
      if (file_exists(folder + kFixtures)) return folder;
      if (folder.empty()) break;
    }
  }
  throw Error("find services", start,
              "no Testing/Fixtures here" + std::string(given.empty() ? " or above" : ""))
      .hint("go to a build folder in which ctest has run, or name it: --build <dir>")
      .exit_code(kExitUsage);
}

std::vector<FoundService> find_services(const std::string& build_folder,
                                        const std::vector<std::string>& names) {
  std::vector<FoundService> all;
  const std::string fixtures = build_folder + kFixtures;
  const std::string boot = boot_id();
  for (const std::string& name : entries_of(fixtures)) {
    const std::string state_dir = fixtures + "/" + name;
    const auto state = load_state(state_dir);
    if (!state) continue;
    all.push_back({state_dir, *state, state->boot_id == boot && is_alive(state->supervisor)});
  }
  if (names.empty()) return all;
  std::vector<FoundService> chosen;
  for (const std::string& name : names) {
    const auto is_it = [&](const FoundService& service) { return service.state.service == name; };
    const auto found = std::find_if(all.begin(), all.end(), is_it);
    if (found == all.end()) throw unknown_service(name, all);
    chosen.push_back(*found);
  }
  return chosen;
}

std::string condition_of(const FoundService& service) {
  const bool is_over = service.state.phase == Phase::kStopped;
  return std::string(is_over || service.supervised ? phase_name(service.state.phase) : "lost");
}

}  // namespace gentle

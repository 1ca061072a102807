#include "cli/build_folder.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/error.h"
#include "base/exit_code.h"
#include "cli/print.h"
#include "model/nearest.h"
#include "os/file.h"
#include "os/process.h"
#include "supervise/client.h"

namespace gentle {
namespace {

bool is_build_folder(const std::string& folder) {
  return file_exists(folder + kStarted) || file_exists(folder + kDeclared);
}

// In any of its configurations.
std::vector<std::string> declared_in(const std::string& build_folder) {
  const std::string folder = build_folder + kDeclared;
  std::vector<std::string> names = services_in(folder);
  for (const std::string& config : entries_of(folder)) {
    for (std::string& name : services_in(folder + "/" + config)) names.push_back(std::move(name));
  }
  return names;
}

Error unknown_service(const std::string& name, const std::vector<FoundService>& all,
                      const std::string& build_folder) {
  std::vector<std::string> known = declared_in(build_folder);
  const bool is_declared = std::find(known.begin(), known.end(), name) != known.end();
  std::string list;
  for (const FoundService& service : all) {
    known.push_back(service.state.service);
    list += (list.empty() ? "" : ", ") + service.state.service;
  }
  const std::string near = is_declared ? "" : nearest(name, known);
  Error error("find service", name,
              near.empty() ? "never started here" : "did you mean '" + near + "'?");
  error.note("started here so far: " + (list.empty() ? "none" : list)).exit_code(kExitUsage);
  if (is_declared) error.hint("gentle start " + name);
  return error;
}

// The build folder of a path that stands in a state; "": none of ours.
std::string build_folder_of(const std::string& path) {
  const std::size_t fixtures = path.rfind("/Testing/Fixtures/");
  return fixtures == std::string::npos ? "" : path.substr(0, fixtures);
}

// The state names the spec and the log by the place where the build folder was then.
void find_paths_here(State& state, const std::string& state_dir) {
  const std::string then = build_folder_of(state.log);
  const std::string now = build_folder_of(state_dir);
  if (!then.empty() && state.spec.starts_with(then + "/")) {
    state.spec = now + state.spec.substr(then.size());
  }
  state.log = state_dir + "/log";
}

bool may_run(const std::string& state_dir) { return file_exists(state_dir + "/control"); }

// Without a state that can be read, only the name is known, and whether a supervisor may be there.
std::optional<FoundService> look_at(const std::string& state_dir) {
  auto state = present_state(state_dir);
  if (!state) {
    if (!may_run(state_dir)) return std::nullopt;
    State unknown;
    unknown.service = state_dir.substr(state_dir.find_last_of('/') + 1);
    unknown.message = "its state cannot be read";
    return FoundService{state_dir, unknown, false};
  }
  find_paths_here(*state, state_dir);
  const bool supervised = state->boot_id == boot_id() && is_alive(state->supervisor);
  return FoundService{state_dir, *state, supervised};
}

// What is wrong with one is told, and costs nothing but that one and the exit code.
std::optional<FoundService> try_to_look_at(const std::string& state_dir, int& worst) {
  try {
    return look_at(state_dir);
  } catch (const Error& error) {
    print(stderr, error.message());
    worst = std::max(worst, error.exit_code());
    return std::nullopt;
  }
}

std::vector<FoundService> chosen(const std::vector<FoundService>& all,
                                 const std::vector<std::string>& names,
                                 const std::string& build_folder) {
  std::vector<FoundService> some;
  for (const std::string& name : names) {
    const std::size_t before = some.size();
    std::copy_if(all.begin(), all.end(), std::back_inserter(some),
                 [&](const FoundService& service) { return service.state.service == name; });
    if (some.size() == before) throw unknown_service(name, all, build_folder);
  }
  return some;
}

}  // namespace

std::string find_build_folder(const std::string& given) {
  const std::string start = absolute_path(given);
  if (!given.empty()) {
    if (is_build_folder(start)) return start;
  } else {
    for (std::string folder = start;; folder.resize(folder.find_last_of('/'))) {
      if (is_build_folder(folder)) return folder;
      if (folder.empty()) break;
    }
  }
  throw Error("find services", start,
              "no build with services here" + std::string(given.empty() ? " or above" : ""))
      .hint("go to the build folder of a project that has them, or name it: --build <dir>")
      .exit_code(kExitUsage);
}

std::vector<std::string> services_in(const std::string& folder) {
  constexpr std::string_view kSpec = ".spec";
  std::vector<std::string> names;
  for (const std::string& file : entries_of(folder)) {
    if (!file.ends_with(kSpec) || file == "coverage.spec") continue;
    names.push_back(file.substr(0, file.size() - kSpec.size()));
  }
  return names;
}

FoundServices find_services(const std::string& build_folder,
                            const std::vector<std::string>& names) {
  FoundServices all;
  const std::string fixtures = build_folder + kStarted;
  for (const std::string& name : entries_of(fixtures)) {
    const std::string state_dir = fixtures + "/" + name;
    const int before = all.worst;
    if (!is_folder(state_dir) || name == "coverage") continue;
    if (const auto service = try_to_look_at(state_dir, all.worst)) {
      all.services.push_back(*service);
      continue;
    }
    if (all.worst != before) continue;
    for (const std::string& instance : entries_of(state_dir)) {
      if (instance.find_first_not_of("0123456789-") != std::string::npos) continue;
      auto service = try_to_look_at(state_dir + "/" + instance, all.worst);
      if (!service || is_over(*service)) continue;
      service->is_instance = true;
      all.services.push_back(*service);
    }
  }
  if (!names.empty()) all.services = chosen(all.services, names, build_folder);
  return all;
}

bool is_over(const FoundService& service) {
  const State& state = service.state;
  if (state.phase != Phase::kStopped || may_run(service.state_dir)) return false;
  // Somebody may have stopped them (SIGSTOP) in their last moments.
  return state.boot_id != boot_id() || (!is_alive(state.supervisor) && !is_alive(state.successor));
}

std::string condition_of(const FoundService& service) {
  const State& state = service.state;
  if (state.phase != Phase::kStopped && !service.supervised) return "lost";
  const bool ended = state.phase == Phase::kStopped || state.phase == Phase::kDied;
  return std::string(ended && state.outcome != Outcome::kNone ? outcome_name(state.outcome)
                                                              : phase_name(state.phase));
}

}  // namespace gentle

#include "supervise/dependencies.h"

#include <algorithm>
#include <cstdlib>

#include "base/environment.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "model/ctest_test.h"
#include "os/file.h"
#include "os/process.h"
#include "supervise/client.h"
#include "supervise/journal.h"

extern char** environ;

namespace gentle {
namespace {

constexpr std::string_view kSpecs = "/CMakeFiles/GentleFixtures/";  // of a build folder

std::string read_spec(const std::string& path) {
  try {
    return read_file(path);
  } catch (const Error& error) {
    throw wrong_spec(path, error.cause());
  }
}

// Whether a path lies below `folder`; then it is made one below `other`.
void move_below(std::string& path, const std::string& folder, const std::string& other) {
  if (path.starts_with(folder + "/")) path = other + path.substr(folder.size());
}

// A build folder may have been renamed since CMake wrote the spec: the state of its services stands
// where the spec stands. (Reached by a symbolic link it is the same folder.)
void follow_build_folder(Spec& spec, const std::string& path) {
  const std::string configuration = configuration_of(path);
  const std::string of_spec = std::string(kSpecs) + configuration +
                              (configuration.empty() ? "" : "/") + spec.name + ".spec";
  const std::string of_state = "/Testing/Fixtures/" + spec.name;
  if (!path.ends_with(of_spec) || !spec.state_dir.ends_with(of_state)) return;
  const std::string now = path.substr(0, path.size() - of_spec.size());
  const std::string then = spec.state_dir.substr(0, spec.state_dir.size() - of_state.size());
  if (now == then || is_same_file(now, then)) return;
  move_below(spec.state_dir, then, now);
  for (std::string& dependency : spec.depends) move_below(dependency, then, now);
}

void add_with_dependencies(const std::string& path, std::vector<std::string>& open,
                           std::vector<LoadedSpec>& closed) {
  const auto is_this = [&](const LoadedSpec& loaded) { return loaded.path == path; };
  if (std::any_of(closed.begin(), closed.end(), is_this)) return;
  if (std::find(open.begin(), open.end(), path) != open.end()) {
    throw Error("follow DEPENDS of", path, "it depends on itself");
  }
  open.push_back(path);
  LoadedSpec loaded = load_spec(path);
  for (const std::string& dependency : loaded.spec.depends) {
    add_with_dependencies(dependency, open, closed);
  }
  open.pop_back();
  closed.push_back(std::move(loaded));
}

std::string state_path(const std::string& state_dir) { return state_dir + "/state.json"; }

// The others are replaced soon.
bool lasts(Phase phase) { return phase != Phase::kStarting && phase != Phase::kStopping; }

}  // namespace

LoadedSpec load_spec(const std::string& path) {
  LoadedSpec loaded{path, read_spec(path), {}};
  loaded.spec = parse_spec(loaded.text, path);
  follow_build_folder(loaded.spec, absolute_path(path));
  const char* instance = std::getenv(kInstanceVariable);
  if (loaded.spec.scope == Scope::kTest && instance != nullptr) {
    loaded.spec.state_dir += "/" + std::string(instance);
  }
  return loaded;
}

std::string configuration_of(const std::string& spec_path) {
  const std::string path = absolute_path(spec_path);
  const std::size_t end = path.find_last_of('/');
  const std::size_t begin = path.rfind(kSpecs);
  if (begin == std::string::npos || begin + kSpecs.size() > end) return "";
  const std::string folder = path.substr(begin + kSpecs.size(), end - begin - kSpecs.size());
  return folder.find('/') == std::string::npos ? folder : "";
}

std::vector<LoadedSpec> load_closure(const std::vector<std::string>& paths) {
  std::vector<std::string> open;
  std::vector<LoadedSpec> closed;
  for (const std::string& path : paths) add_with_dependencies(path, open, closed);
  return closed;
}

std::optional<State> load_state(const std::string& state_dir) {
  if (!check_own_folder(state_dir)) return std::nullopt;
  const std::string path = state_path(state_dir);
  try {
    const auto text = read_file_if_there(path);
    if (text) return state_from_json(*text, path);
  } catch (const Error& error) {
    warn("read state '" + path + "': " + error.cause() + ", continuing without it");
  }
  return std::nullopt;
}

bool is_known_to_have_ended_well(const std::string& state_dir) {
  try {
    return tells_of_good_end(read_file_if_there(state_path(state_dir)).value_or(""));
  } catch (const Error&) {
    return false;
  }
}

void save_state(const std::string& state_dir, const State& state, Rest rest) {
  const auto write = lasts(state.phase) ? write_lasting_file : write_file_atomically;
  write(state_path(state_dir), to_json(state), rest);
}

void remove_replaced_state(const std::string& state_dir) { remove_replaced(state_path(state_dir)); }

void begin_to_write_state(const std::string& state_dir) { begin_to_write(state_path(state_dir)); }

namespace {

// It may have been started nevertheless, for this very test: then its last end tells why it does
// not run any more.
Error not_started(const Spec& spec, const std::string& path, const std::optional<State>& state) {
  Error error("use service", spec.name, "it was not started, or is stopped already");
  const bool tells_why = state && !state->message.empty() &&
                         !state->message.starts_with(spec.name + ": ");  // a stop as any other
  if (tells_why) error.note("its last end: " + state->message);
  return error.hint("gentle start " + path + ", or ctest without -FS, -FA and -E for this fixture")
      .exit_code(kExitFailed);
}

// Its program would be another one than the test is made for.
Error of_another_configuration(const Spec& spec, const std::string& running) {
  return Error("use service", spec.name,
               "it runs for configuration '" + configuration_of(running) + "'")
      .hint("ctest -C " + configuration_of(running) + ", or let those that use it end")
      .exit_code(kExitFailed);
}

}  // namespace

State require_ready(const Spec& spec, const std::string& path) {
  auto state = present_state(spec.state_dir);
  if (state && state->phase == Phase::kReady && state->main.pid != 0 && !is_alive(state->main)) {
    // Its supervisor knows, and has not written it: that was a moment ago, or the disk is full.
    if (const auto told = told_state(spec.state_dir)) state = told;
  }
  const bool supervised = state && state->boot_id == boot_id() && is_alive(state->supervisor);
  if (supervised && configuration_of(state->spec) != configuration_of(path)) {
    throw of_another_configuration(spec, state->spec);
  }
  if (supervised && state->phase == Phase::kReady) return *state;
  // It may have failed in an earlier run, and be disabled in this one for that.
  if (is_disabled(Environment::from(environ), spec.name)) {
    throw Error("use service", spec.name, "its start is disabled in CTest").exit_code(kExitSkipped);
  }
  if (!state || state->phase == Phase::kStopped) throw not_started(spec, path, state);
  std::string cause = "it is " + std::string(phase_name(state->phase));
  if (!state->message.empty()) cause = state->message;
  if (!supervised && state->phase != Phase::kDied) cause = "its supervisor is gone";
  throw Error("use service", spec.name, cause)
      .note("log: " + log_path(spec))
      .exit_code(kExitFailed);
}

}  // namespace gentle

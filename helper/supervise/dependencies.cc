#include "supervise/dependencies.h"

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "base/exit_code.h"
#include "os/file.h"
#include "os/process.h"

namespace gentle {
namespace {

std::string read_spec(const std::string& path) {
  try {
    return read_file(path);
  } catch (const Error& error) {
    throw wrong_spec(path, error.cause());
  }
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

}  // namespace

LoadedSpec load_spec(const std::string& path) {
  LoadedSpec loaded{path, read_spec(path), {}};
  loaded.spec = parse_spec(loaded.text, path);
  const char* instance = std::getenv(kInstanceVariable);
  if (loaded.spec.scope == Scope::kTest && instance != nullptr) {
    loaded.spec.state_dir += "/" + std::string(instance);
  }
  return loaded;
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
  const auto text = read_file_if_there(path);
  if (!text) return std::nullopt;
  return state_from_json(*text, path);
}

void save_state(const std::string& state_dir, const State& state) {
  write_file_atomically(state_path(state_dir), to_json(state));
}

State require_ready(const Spec& spec) {
  const auto state = load_state(spec.state_dir);
  if (!state || state->phase == Phase::kStopped) {
    throw Error("use service", spec.name,
                "it was not started (disabled, skipped or already stopped)")
        .hint("by hand: gentle start " + (state ? state->spec : "<spec>"))
        .exit_code(kExitSkipped);
  }
  const bool supervised = state->boot_id == boot_id() && is_alive(state->supervisor);
  if (state->phase == Phase::kReady && supervised) return *state;
  std::string cause = "it is " + std::string(phase_name(state->phase));
  if (!state->message.empty()) cause = state->message;
  if (!supervised) cause = "its supervisor is gone";
  throw Error("use service", spec.name, cause)
      .note("log: " + log_path(spec))
      .exit_code(kExitFailed);
}

}  // namespace gentle

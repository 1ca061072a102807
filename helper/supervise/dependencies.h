// The services that a service or a test needs, and what they are known to give.
#pragma once

#include <string>
#include <vector>

#include "model/spec.h"
#include "model/state.h"
#include "os/file.h"

namespace gentle {

struct LoadedSpec {
  std::string path;
  std::string text;
  Spec spec;
};

// A service of SCOPE TEST lives in a state folder of its own for each test: <state>/<instance>, by
// the variable GENTLE_INSTANCE, which `gentle run` sets for all that it starts.
LoadedSpec load_spec(const std::string& path);

inline constexpr const char* kInstanceVariable = "GENTLE_INSTANCE";

// "Debug" of <build>/CMakeFiles/GentleFixtures/Debug/api.spec; "" in a build with one
// configuration. All that a build has share their states, so that one of them runs at a time.
std::string configuration_of(const std::string& spec_path);

// The specs and all that they depend on, each once, a dependency before its users.
std::vector<LoadedSpec> load_closure(const std::vector<std::string>& paths);

// The state of the service as its file tells it; nothing if it never was started in this build
// folder. A file that is empty or damaged counts as absent, after one line on standard error: a
// power cut may have left it so, and nobody shall have to remove it. Throws Error for a folder of
// another user.
std::optional<State> load_state(const std::string& state_dir);

// Whether load_state() would tell of a service that was stopped, whose end was not bad, and of
// which there is nothing to tell; in less time.
bool is_known_to_have_ended_well(const std::string& state_dir);

// Writes it, in one step for whoever reads it.
void save_state(const std::string& state_dir, const State& state, Rest rest = Rest::kNow);

// The rest of it, where it was left for later.
void remove_replaced_state(const std::string& state_dir);
void begin_to_write_state(const std::string& state_dir);

// The state of a service that is ready for use. Throws Error: with kExitSkipped if ctest knows its
// start as disabled, else with kExitFailed.
State require_ready(const Spec& spec, const std::string& path);

}  // namespace gentle

// What a supervisor leaves that was killed itself: the processes of its service.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/spec.h"
#include "model/state.h"

namespace gentle {

// Stands in the environment of every process of a service: by it they are found when no ancestor of
// theirs is left that knows them. Its value is the text of their ProcessId.
inline constexpr const char* kSupervisorVariable = "GENTLE_SUPERVISOR";

// The value that a command of READY COMMAND has instead: it is no part of the service, nor is what
// it leaves.
std::string readiness_mark(const ProcessId& supervisor);

// Of the processes that `find` finds, ends those that a command of READY COMMAND has left, with
// no regard to the stop plan: that is the service's. Returns them, for people.
std::vector<std::string> end_left_by_readiness(const Spec& spec, const ProcessId& supervisor,
                                               const std::function<std::vector<int>()>& find);

// The processes that run of the state's service: that carry a mark of its supervisor, or are of its
// session or of its main process's group or session, though they have cleared their environment.
// Nothing of another boot. Never this process or one above it, nor one with another mark.
std::vector<int> processes_of(const State& state);

// Ends them by the stop plan, as their supervisor would have, until `find` finds none. `state`
// tells of the main process. Returns those that SIGKILL had to end, for people.
std::vector<std::string> end_leftovers(const Spec& spec, const State& state,
                                       const std::function<std::vector<int>()>& find);

}  // namespace gentle

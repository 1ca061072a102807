// What the kernel or a sandbox keeps from the supervisor, and what it does instead. All of this
// costs time only: it is told in supervisor.log, where people look who wonder.
#pragma once

#include <string>
#include <vector>

#include "model/spec.h"

namespace gentle {

// `folder`: the state folder; `told_of_removals`: signal_removals() works here.
std::vector<std::string> what_is_missing(const Spec& spec, int folder, bool told_of_removals);

}  // namespace gentle

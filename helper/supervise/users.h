// Who uses a service in the end: the supervisors of the services that depend on it do so for
// others.
#pragma once

#include <string>
#include <vector>

#include "base/process_id.h"

namespace gentle {

// Whether all these users of a service are `owner`, or services that nobody else uses, directly or
// not. `services`: the folder of the states of all services. Nobody at all: true.
bool all_are_for(const ProcessId& owner, const std::vector<ProcessId>& users,
                 const std::string& services);

}  // namespace gentle

// Whether the end of a service counts as a good one.
#pragma once

#include <vector>

#include "base/end_status.h"

namespace gentle {

// The EXIT_CODES of a service. An empty list is the default rule: exit status 0, and death by a
// signal that the stop plan itself has sent.
struct EndRule {
  std::vector<EndStatus> good;

  bool accepts(const EndStatus& end, const std::vector<int>& signals_sent) const;
};

}  // namespace gentle

// The stop policy as data: signal, wait, signal, wait. SIGKILL always ends the list.
#pragma once

#include <csignal>
#include <vector>

#include "base/deadline.h"

namespace gentle {

struct StopStep {
  int signal;
  Duration wait;
};

struct StopPlan {
  std::vector<StopStep> steps = {{SIGINT, std::chrono::seconds(10)},
                                 {SIGTERM, std::chrono::seconds(5)}};

  Duration total() const {
    Duration sum{};
    for (const StopStep& step : steps) sum += step.wait;
    return sum;
  }
};

}  // namespace gentle

#include "coverage/keep/rescue_time.h"

#include <algorithm>

namespace gentle {

Duration RescueTime::allowance(const ProcessTime& process) const {
  const Duration own = std::max(kOwn - process.spent, Duration::zero());
  const Duration left = std::min(own + shared_, RescueBudget::kTime - process.spent);
  return std::max(left, kFree);
}

void RescueTime::took(ProcessTime& process, Duration time) {
  if (time <= kFree) return;
  const Duration own = std::max(kOwn - process.spent, Duration::zero());
  process.spent += time;
  shared_ -= std::clamp(time - own, Duration::zero(), shared_);
}

std::size_t RescueTime::memory() const {
  return std::min(RescueBudget::kMemory, kMemory - std::min(held_, kMemory));
}

Look::Look(RescueTime& time, ProcessTime& process)
    : time_(time),
      process_(process),
      start_(Clock::now()),
      budget_(start_, time.allowance(process), time.memory()) {}

Look::~Look() {
  time_.took(process_, Clock::now() - start_);
  process_.is_over = process_.is_over || budget_.is_over();
}

}  // namespace gentle

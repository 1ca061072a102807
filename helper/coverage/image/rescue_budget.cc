#include "coverage/image/rescue_budget.h"

#include <algorithm>
#include <string>

namespace gentle {
namespace {

constexpr unsigned kCallsPerLook = 64;

}  // namespace

RescueBudget::RescueBudget(TimePoint start, Duration time, std::size_t memory)
    : deadline_(start + time), memory_(memory) {}

void RescueBudget::keep(std::size_t bytes) {
  if (over_ || bytes > left()) end("it has more than a rescue may hold in memory");
  kept_ += bytes;
  if (++calls_ % kCallsPerLook == 0) check_time();
}

void RescueBudget::give_back(std::size_t bytes) { kept_ -= std::min(bytes, kept_); }

void RescueBudget::check_time() {
  if (over_ || Clock::now() >= deadline_) end("it takes longer than a rescue may");
}

void RescueBudget::end(const std::string& cause) {
  over_ = true;
  throw OverBudget("rescue counts", "", cause);
}

}  // namespace gentle

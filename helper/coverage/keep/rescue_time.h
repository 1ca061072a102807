// How long a keeper may look at processes. It is one thread that also answers for the service, so
// neither one process that makes every look slow may hold it up for long, nor many of them.
#pragma once

#include "base/deadline.h"
#include "coverage/image/rescue_budget.h"

namespace gentle {

// What all looks at one process took.
struct ProcessTime {
  Duration spent{};
  bool is_over = false;
};

class RescueTime {
 public:
  // A look that takes no longer costs nothing: real ones take milliseconds, and a process may end,
  // fork or write very often.
  static constexpr Duration kFree = std::chrono::milliseconds(100);
  // Each process has this much for itself, and up to RescueBudget::kTime if all together have not
  // used up what they share.
  static constexpr Duration kOwn = std::chrono::seconds(1);
  static constexpr Duration kShared = std::chrono::seconds(20);
  // Of all processes that were read and have not been written yet.
  static constexpr std::size_t kMemory = std::size_t{1} << 30;

  // For one look at a process.
  Duration allowance(const ProcessTime& process) const;
  void took(ProcessTime& process, Duration time);

  std::size_t memory() const;
  void hold(std::size_t bytes) { held_ += bytes; }
  void release(std::size_t bytes) { held_ -= bytes; }

 private:
  Duration shared_ = kShared;
  std::size_t held_ = 0;
};

// One look: from its making to its end.
class Look {
 public:
  Look(RescueTime& time, ProcessTime& process);
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;
  ~Look();

  RescueBudget& budget() { return budget_; }

 private:
  RescueTime& time_;
  ProcessTime& process_;
  TimePoint start_;
  RescueBudget budget_;
};

}  // namespace gentle

// What one rescue may cost. A process may have filled its memory and its folder with anything, so
// the time and the memory for a look at them are bounded, whatever is found there.
#pragma once

#include <cstddef>

#include "base/deadline.h"
#include "base/error.h"

namespace gentle {

// The bound is reached. Whoever catches other Errors to go on with the next object, image or file
// has to let this one through: there is no time and no memory for those either.
class OverBudget : public Error {
 public:
  using Error::Error;
};

class RescueBudget {
 public:
  // With the blocks of a BlockMemory, a table of symbols or a file, 256 MiB.
  static constexpr std::size_t kMemory = std::size_t{192} << 20;
  static constexpr Duration kTime = std::chrono::seconds(10);

  RescueBudget(TimePoint start, Duration time, std::size_t memory);

  // This much is kept until give_back(). Looks at the clock now and then. Throws OverBudget, and
  // from then on always.
  void keep(std::size_t bytes);
  void give_back(std::size_t bytes);
  void check_time();

  std::size_t kept() const { return kept_; }
  std::size_t left() const { return memory_ - kept_; }
  bool is_over() const { return over_; }

 private:
  [[noreturn]] void end(const std::string& cause);

  TimePoint deadline_;
  std::size_t memory_;
  std::size_t kept_ = 0;
  unsigned calls_ = 0;
  bool over_ = false;
};

// What is kept while this lives is given back at its end.
class KeptMeanwhile {
 public:
  explicit KeptMeanwhile(RescueBudget* budget)
      : budget_(budget), before_(budget == nullptr ? 0 : budget->kept()) {}
  KeptMeanwhile(const KeptMeanwhile&) = delete;
  KeptMeanwhile& operator=(const KeptMeanwhile&) = delete;
  ~KeptMeanwhile() {
    if (budget_ != nullptr) budget_->give_back(budget_->kept() - before_);
  }

 private:
  RescueBudget* budget_;
  std::size_t before_;
};

}  // namespace gentle

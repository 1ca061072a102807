// How often to look where the kernel tells no event: soon at first, less often the longer it lasts.
#pragma once

#include <algorithm>

#include "base/deadline.h"

namespace gentle {

class Pace {
 public:
  // The wait is `at_first` in the first moments, then a `share`th of the time since the first look,
  // from `shortest` to `longest`. A look of ours costs about 10 microseconds: 3 % of a core at
  // 0.3 ms, and after 4 s of waiting, when the wait has grown to 1 ms, 1 %.
  Pace(Duration shortest, Duration longest, int share = 4000)
      : Pace(shortest, shortest, longest, share) {}
  Pace(Duration at_first, Duration shortest, Duration longest, int share = 4000)
      : at_first_(at_first), shortest_(shortest), longest_(longest), share_(share) {}

  TimePoint next(TimePoint now) {
    if (first_ == TimePoint{}) first_ = now;
    if (now - first_ < kFirstMoments) return now + at_first_;
    return now + std::clamp((now - first_) / share_, shortest_, longest_);
  }

 private:
  // Small services are ready by then.
  static constexpr auto kFirstMoments = std::chrono::milliseconds(4);

  Duration at_first_;
  Duration shortest_;
  Duration longest_;
  int share_;
  TimePoint first_{};
};

// For a look that asks the kernel.
inline Pace quick_pace() {
  using std::chrono::microseconds;
  return {microseconds(100), microseconds(300), microseconds(4000)};
}

}  // namespace gentle

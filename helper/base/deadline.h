#pragma once

#include <chrono>
#include <string>

namespace gentle {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

// A deadline that never comes. All waits of one operation share one deadline, a TimePoint.
inline constexpr TimePoint kNever = TimePoint::max();

// "12 ms", "3.4 s", "2 min 5 s": for people.
std::string describe(Duration d);

inline long long milliseconds(Duration d) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
}

}  // namespace gentle

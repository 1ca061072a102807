// Ends a test shortly before ctest would: at its time-out ctest kills the test and everybody who
// could save its coverage, all at once and without a word.
#pragma once

#include <string>

#include "base/deadline.h"

namespace gentle {

class TimeLimit {
 public:
  // `timeout` is the test's TIMEOUT in ctest; zero: there is none. Counts from now.
  explicit TimeLimit(Duration timeout);

  TimePoint next_event() const;

  // Sends what is due: SIGINT to the test, then SIGKILL to it and all that it started. Nothing more
  // once the test is `over`.
  void look(int child, bool over);

  bool has_struck() const { return struck_; }
  // "not over after 4.5 s, shortly before its TIMEOUT of 5 s".
  std::string text() const;

  // Until ctest's own time-out strikes, so that it tells the test as timed out, and may repeat it
  // for that. Returns if it does not come.
  void wait_for_ctest() const;

 private:
  Duration timeout_;
  TimePoint gentle_ = kNever;
  TimePoint kill_ = kNever;
  TimePoint ctest_ = kNever;
  bool struck_ = false;
  bool killed_ = false;
};

}  // namespace gentle

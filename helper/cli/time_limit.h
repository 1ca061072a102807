// Ends a test shortly before ctest would: at its time-out ctest kills the test and everybody who
// could save its coverage, all at once and without a word. CTest 3.27 and newer can send a signal
// first (TIMEOUT_SIGNAL_NAME) and wait for a grace period: then the signal is left to it, and the
// test is ended shortly before that period is over.
#pragma once

#include <optional>
#include <string>

#include "base/deadline.h"
#include "model/ctest_test.h"

namespace gentle {

class TimeLimit {
 public:
  // Counts from now. `option_timeout`: of `ctest --timeout`.
  TimeLimit(const CtestTest& test, std::optional<Duration> option_timeout);

  TimePoint next_event() const;

  // Sends what is due: the signal to the test, then SIGKILL to it and all that it started. Nothing
  // more once the test is `over`. `is_stopped`: it is known to be, though that may not show.
  void look(int child, bool over, bool is_stopped = false);

  // This process has been told; it is passed on by the caller.
  void signal_came(int signal);

  bool has_struck() const { return struck_; }
  // "not over after 4.5 s, shortly before its TIMEOUT of 5 s".
  std::string text() const;

  // Until ctest's own time-out strikes, so that it tells the test as timed out, and may repeat it
  // for that. Returns if it does not come.
  void wait_for_ctest() const;

 private:
  void begin(Duration timeout);

  Duration timeout_{};
  int signal_;
  bool sent_by_ctest_;
  Duration grace_;
  TimePoint gentle_ = kNever;
  TimePoint kill_ = kNever;
  TimePoint ctest_ = kNever;
  bool struck_ = false;
  bool killed_ = false;
};

}  // namespace gentle

// What ctest knows of a test that goes through `gentle run`. CTest itself tells its tests nothing:
// cmake/GentleFixtures/read_tests.cmake, which ctest reads with them, puts it into the environment.
#pragma once

#include <optional>
#include <string>

#include "base/deadline.h"
#include "base/environment.h"

namespace gentle {

struct CtestTest {
  bool known = false;  // false: nothing of what follows was told
  std::string name;

  // Decides about which program is run:
  std::string path;  // the PATH of ctest, if the test has another

  // Decides about the verdict:
  bool output_is_matched = false;  // PASS_, FAIL_, SKIP_REGULAR_EXPRESSION, TIMEOUT_AFTER_MATCH
  std::string skipped_by;          // a SKIP_REGULAR_EXPRESSION of these very words; "": none
  bool will_fail = false;
  int skip_code = -1;  // SKIP_RETURN_CODE; -1: none
  bool never_skips_itself =
      false;  // the code is for its services; from its program it is a failure

  // Decides about the time-out:
  std::optional<Duration> timeout;          // TIMEOUT; zero: the test has no limit
  std::optional<Duration> default_timeout;  // of tests without a TIMEOUT, unless `ctest --timeout`
  bool timeout_moves = false;               // TIMEOUT_AFTER_MATCH: ctest alone knows when
  std::optional<int> timeout_signal;
  std::optional<Duration> grace_period;
  bool ctest_sends_signal = false;  // it is new enough to know TIMEOUT_SIGNAL_NAME

  // Whether ctest could tell a test that did not run, and ends with this code, as passed or
  // skipped.
  bool may_hide_failure(int exit_code) const {
    return output_is_matched || !skipped_by.empty() || will_fail || skip_code == exit_code;
  }
};

CtestTest ctest_test_from(const Environment& environment);

// Whether ctest knows the start of the service as DISABLED, and so runs without it what needs it.
bool is_disabled(const Environment& environment, const std::string& service);

// Takes out what was said to this process only: a test may be a ctest itself.
void forget_ctest_test(Environment& environment);

}  // namespace gentle

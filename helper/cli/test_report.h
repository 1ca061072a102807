// What `gentle run` has to say of its test. As a rule on standard error, in the test's output. Not
// so if ctest matches that output (PASS_REGULAR_EXPRESSION and its like): words of ours, or of a
// service's log, would decide about the test. Then it is written to <state>/tests/<test>.txt of the
// test's first service, and the stop of that service prints it.
#pragma once

#include <string>

#include "base/unique_fd.h"
#include "model/spec.h"

namespace gentle {

class TestReport {
 public:
  TestReport() = default;  // on standard error
  // In the file for this test, which is there once there is something to say. On standard error
  // what does not hold `skipped_by`, if ctest looks for nothing else.
  TestReport(const Spec& service, const std::string& test, std::string skipped_by = "");

  void say(const std::string& text);

  // Whatever is printed from now on, the verdict is certain: says all of it on standard error.
  void verdict_is_certain();

 private:
  void write(const std::string& text);

  bool is_harmless(const std::string& text) const;

  std::string path_;  // "": standard error
  std::string skipped_by_;
  std::string said_;  // there
  UniqueFd file_;
};

// What tests had to say in this way since the service was started, for its stop to print.
std::string said_by_tests(const Spec& service);

}  // namespace gentle

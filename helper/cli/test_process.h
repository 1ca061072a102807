// The process of one test, from its start to its end, with its coverage.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/end_status.h"
#include "cli/orphan_watch.h"
#include "cli/test_services.h"
#include "cli/time_limit.h"
#include "coverage/keep/coverage_keeper.h"
#include "model/language.h"
#include "os/signals.h"
#include "os/spawn.h"

namespace gentle {

class TestProcess {
 public:
  struct Coverage {
    std::optional<std::string> folder;  // coverage/keep/coverage_paths.h; nothing: not collected
    std::optional<Language> language;   // whose recorder its processes get
    std::string spec;                   // beside the coverage.spec
  };
  TestProcess(SpawnOptions options, const Coverage& coverage, TimeLimit limit);

  // Passes on what gentle is told meanwhile, and tells of services that end.
  EndStatus wait(TestServices& services, OrphanWatch& orphan);

  // Set if the test was ended because its time was up.
  const TimeLimit& limit() const { return limit_; }

  // "2 processes: 1 written, 1 rescued (SIGSEGV)"; "" if nothing counts.
  std::string coverage() const;
  bool lost_coverage() const;
  // What its coverage may have changed, one line each.
  std::vector<std::string> warnings() const;

 private:
  void turn(TestServices& services, OrphanWatch& orphan);
  void pass_on_signals();
  void reap();

  SignalFd signals_;
  std::optional<CoverageKeeper> keeper_;
  TimeLimit limit_;
  int child_ = 0;
  std::optional<EndStatus> end_;
};

}  // namespace gentle

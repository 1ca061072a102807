// A ctest that is killed leaves its tests running, without services and with nobody to see how they
// end: so the test is ended, too, and what it has started.
#pragma once

#include <optional>
#include <vector>

#include "base/deadline.h"
#include "base/process_id.h"
#include "base/unique_fd.h"

namespace gentle {

class OrphanWatch {
 public:
  // To be made first of all, see calling_ctest().
  OrphanWatch();

  // The ctest above; nothing: none, or it has ended.
  const std::optional<ProcessId>& ctest() const { return ctest_; }

  int fd() const { return pidfd_.get(); }
  bool needs_looks() const { return kill_at_ != kNever || (ctest_ && !pidfd_); }

  void look();
  bool is_over() const { return told_.empty(); }

 private:
  void signal_all(int signal) const;

  std::optional<ProcessId> ctest_;
  UniqueFd pidfd_;
  std::vector<ProcessId> told_;
  TimePoint kill_at_ = kNever;
};

}  // namespace gentle

// Who uses a service: ctest runs, supervisors of services that depend on it, tests with an instance
// of their own. Each is watched until it ends.
#pragma once

#include <vector>

#include "base/unique_fd.h"
#include "model/state.h"

namespace gentle {

class Owners {
 public:
  // Pid 0 stands for a person: then the service stays until somebody stops it. `leaves`: when this
  // owner ends, the service stays as well, until somebody gives it up. `is_service`: the supervisor
  // of another service, which depends on this one.
  void add(const ProcessId& id, bool leaves, bool is_service = false);
  // Gives it up for this owner, and for those that have left it; pid 0 gives it up for everyone.
  void remove(const ProcessId& id);
  // Drops those that have ended. Whether there were any.
  bool drop_ended();

  // Whether one that is no service has ended without giving it up, and did not mean to leave it.
  bool deserted() const { return deserted_; }

  bool empty() const { return !kept_by_hand_ && !left_ && owners_.empty(); }
  bool kept_by_hand() const { return kept_by_hand_; }
  std::vector<ProcessId> ids() const;
  // Become readable when an owner ends; -1 where the kernel has no pidfd, which needs a look now
  // and then.
  std::vector<int> fds() const;

 private:
  struct Owner {
    ProcessId id;
    UniqueFd pidfd;
    bool leaves;
    bool is_service;
  };
  std::vector<Owner> owners_;
  bool kept_by_hand_ = false;
  bool left_ = false;  // by an owner that has ended
  bool deserted_ = false;
};

}  // namespace gentle

// The processes of a service as receivers of signals: carries out the orders of Lifecycle.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "supervise/lifecycle.h"

namespace gentle {

class ServiceTree {
 public:
  // `members` finds every process of the service; ended ones among them do no harm. `is_stopped`
  // tells which ones a SIGCONT has to wake for their signal: os/process.h.
  ServiceTree(std::function<std::vector<int>()> members, std::function<bool(int pid)> is_stopped);

  void main_started(int pid);
  void main_ended() { main_ = 0; }

  void send(const SignalOrder& order);
  // To one process, which send() then leaves out when it sends the same signal to the rest.
  void send(int pid, int signal);
  // From here on nobody is left out.
  void forget_told() { told_.clear(); }

  // What SIGKILL had to end, for people: "<pid> (<command line>)".
  const std::vector<std::string>& killed() const { return killed_; }

 private:
  std::vector<int> receivers(Target target) const;
  void note_killed(int pid);

  std::function<std::vector<int>()> members_;
  std::function<bool(int pid)> is_stopped_;
  int main_ = 0;   // 0: not yet, or not any more
  int group_ = 0;  // of main, which may have members when main is gone
  std::vector<int> told_;
  std::vector<std::string> killed_;
};

}  // namespace gentle

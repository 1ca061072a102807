// How a process ended, and whether that counts as a good end.
#pragma once

#include <string>
#include <vector>

namespace gentle {

struct EndStatus {
  bool by_signal = false;
  int value = 0;  // exit status, or signal number

  bool operator==(const EndStatus&) const = default;
};

// "exit status 3", "death by SIGSEGV".
std::string describe(const EndStatus& end);

// The EXIT_CODES of a service. An empty list is the default rule: exit status 0, and death by a
// signal that the stop plan itself has sent.
struct EndRule {
  std::vector<EndStatus> good;

  bool accepts(const EndStatus& end, const std::vector<int>& signals_sent) const;
};

}  // namespace gentle

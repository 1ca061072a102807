// How a process ended.
#pragma once

#include <string>

namespace gentle {

struct EndStatus {
  bool by_signal = false;
  int value = 0;  // exit status, or signal number

  bool operator==(const EndStatus&) const = default;
};

// "exit status 3", "death by SIGSEGV".
std::string describe(const EndStatus& end);

// Whether it was a fault of its own: SIGSEGV, SIGABRT and their like.
bool is_crash(const EndStatus& end);

// "it crashed" or, by SIGABRT, "it aborted".
std::string crash_text(const EndStatus& end);

}  // namespace gentle

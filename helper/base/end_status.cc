#include "base/end_status.h"

#include <csignal>

#include "base/signal_name.h"

namespace gentle {

std::string describe(const EndStatus& end) {
  if (end.by_signal) return "death by " + signal_name(end.value);
  return "exit status " + std::to_string(end.value);
}

bool is_crash(const EndStatus& end) {
  if (!end.by_signal) return false;
  switch (end.value) {
    case SIGSEGV:
    case SIGABRT:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP:
    case SIGSYS:
      return true;
    default:
      return false;
  }
}

std::string crash_text(const EndStatus& end) {
  return end.value == SIGABRT ? "it aborted" : "it crashed";
}

}  // namespace gentle

#include "cli/time_limit.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "os/process.h"

namespace gentle {
namespace {

// How long before ctest: enough for a rescue on a busy machine, and no large part of the time.
constexpr Duration kLeast = std::chrono::milliseconds(500);
constexpr Duration kMost = std::chrono::seconds(5);
constexpr int kPart = 10;
// How much later than it should ctest may strike.
constexpr Duration kLate = std::chrono::seconds(1);

}  // namespace

TimeLimit::TimeLimit(Duration timeout) : timeout_(timeout) {
  if (timeout <= Duration{}) return;
  const Duration margin =
      std::min(std::clamp<Duration>(timeout / kPart, kLeast, kMost), timeout / 2);
  ctest_ = Clock::now() + timeout;
  gentle_ = ctest_ - margin;
  kill_ = ctest_ - margin / 2;
}

TimePoint TimeLimit::next_event() const {
  if (killed_) return kNever;
  return struck_ ? kill_ : gentle_;
}

void TimeLimit::look(int child, bool over) {
  const TimePoint now = Clock::now();
  if (!struck_ && !over && now >= gentle_) {
    struck_ = true;
    ::kill(child, SIGINT);
    if (may_be_stopped(child)) ::kill(child, SIGCONT);
    return;  // also if we come late: it gets its chance
  }
  if (struck_ && !killed_ && (over || now >= kill_)) {
    killed_ = true;
    for (const int pid : descendants_of(::getpid())) ::kill(pid, SIGKILL);
  }
}

std::string TimeLimit::text() const {
  return "not over after " + describe(gentle_ - (ctest_ - timeout_)) +
         ", shortly before its TIMEOUT of " + describe(timeout_);
}

void TimeLimit::wait_for_ctest() const {
  const auto left = ctest_ + kLate - Clock::now();
  if (left > Duration{}) ::poll(nullptr, 0, static_cast<int>(milliseconds(left)));
}

}  // namespace gentle

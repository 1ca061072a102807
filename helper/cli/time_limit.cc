#include "cli/time_limit.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/signal_name.h"
#include "os/process.h"

namespace gentle {
namespace {

// How long before ctest: enough for a rescue on a busy machine, and no large part of the time.
constexpr Duration kLeast = std::chrono::milliseconds(500);
constexpr Duration kMost = std::chrono::seconds(5);
constexpr int kPart = 10;
// How much later than it should ctest may strike, and how much earlier: it counts from its fork.
constexpr Duration kLate = std::chrono::seconds(1);
constexpr Duration kEarly = std::chrono::milliseconds(500);
// CTest's own, if a test names a signal and no TIMEOUT_SIGNAL_GRACE_PERIOD.
constexpr Duration kDefaultGrace = std::chrono::seconds(1);

Duration margin_of(Duration time) {
  return std::min(std::clamp<Duration>(time / kPart, kLeast, kMost), time / 2);
}

// CTest takes the first of these that there is.
std::optional<Duration> timeout_of(const CtestTest& test, std::optional<Duration> option_timeout) {
  if (test.timeout_moves) return std::nullopt;
  if (test.timeout) return test.timeout;
  return option_timeout ? option_timeout : test.default_timeout;
}

}  // namespace

TimeLimit::TimeLimit(const CtestTest& test, std::optional<Duration> option_timeout)
    : signal_(test.timeout_signal.value_or(SIGINT)),
      sent_by_ctest_(test.ctest_sends_signal),
      grace_(test.grace_period.value_or(kDefaultGrace)) {
  const auto timeout = timeout_of(test, option_timeout);
  if (timeout && *timeout > Duration{}) begin(*timeout);
}

void TimeLimit::begin(Duration timeout) {
  timeout_ = timeout;
  ctest_ = Clock::now() + timeout;
  if (sent_by_ctest_) return;
  gentle_ = ctest_ - margin_of(timeout);
  kill_ = ctest_ - margin_of(timeout) / 2;
}

TimePoint TimeLimit::next_event() const {
  if (killed_) return kNever;
  return struck_ ? kill_ : gentle_;
}

void TimeLimit::look(int child, bool over, bool is_stopped) {
  const TimePoint now = Clock::now();
  if (!struck_ && !over && now >= gentle_) {
    struck_ = true;
    ::kill(child, signal_);
    if (is_stopped || may_be_stopped(child)) ::kill(child, SIGCONT);
    return;  // also if we come late: it gets its chance
  }
  if (struck_ && !killed_ && (over || now >= kill_)) {
    killed_ = true;
    for (const int pid : descendants_of(::getpid())) ::kill(pid, SIGKILL);
  }
}

void TimeLimit::signal_came(int signal) {
  const TimePoint now = Clock::now();
  if (!sent_by_ctest_ || struck_ || signal != signal_ || ctest_ == kNever) return;
  if (now < ctest_ - kEarly) return;  // somebody else's
  struck_ = true;
  kill_ = now + grace_ - margin_of(grace_);
}

std::string TimeLimit::text() const {
  if (sent_by_ctest_) {
    return "not over after its TIMEOUT of " + describe(timeout_) + ", when CTest sent " +
           signal_name(signal_);
  }
  return "not over after " + describe(gentle_ - (ctest_ - timeout_)) +
         ", shortly before its TIMEOUT of " + describe(timeout_);
}

void TimeLimit::wait_for_ctest() const {
  if (sent_by_ctest_) return;  // it has struck
  const auto left = ctest_ + kLate - Clock::now();
  if (left > Duration{}) ::poll(nullptr, 0, static_cast<int>(milliseconds(left)));
}

}  // namespace gentle

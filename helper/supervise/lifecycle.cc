#include "supervise/lifecycle.h"

#include <algorithm>
#include <csignal>
#include <utility>

namespace gentle {
namespace {

// Killing is repeated as long as the tree is not empty: a process may fork while it is read.
constexpr auto kKillAgain = std::chrono::milliseconds(20);

// What SIGKILL has not ended by then it cannot end: another user's process, of which we may signal
// none, or one that the kernel does not let go.
constexpr auto kGiveUp = std::chrono::seconds(10);

// Workers that their leader told to end get this long to do so before they are told once more: many
// servers read a second signal as "quit now".
constexpr auto kLeaderGrace = std::chrono::milliseconds(500);

bool has_exit_condition(const Spec& spec) {
  return std::any_of(spec.ready.begin(), spec.ready.end(),
                     [](const ReadySpec& ready) { return ready.kind == ReadyKind::kExit; });
}

}  // namespace

Lifecycle::Lifecycle(const Spec& spec, TimePoint now)
    : plan_(spec.stop_plan),
      end_rule_(spec.end_rule),
      shell_(spec.shell),
      one_shot_(has_exit_condition(spec)),
      started_(now),
      start_deadline_(now + spec.start_timeout) {}

void Lifecycle::conditions_hold(TimePoint now) {
  if (phase_ != Phase::kStarting) return;
  phase_ = Phase::kReady;
  ready_ = now;
}

void Lifecycle::main_ended(const EndStatus& end, TimePoint now) {
  end_ = end;
  ended_ = now;
  switch (phase_) {
    case Phase::kStarting:
      // A one-shot that ended well is ready as soon as its other conditions hold.
      if (!one_shot_ || !is_good_end()) stop(Cause::kEarlyExit, now);
      break;
    case Phase::kReady:
      died_ = true;
      phase_ = Phase::kDied;
      break;
    case Phase::kStopping:
      rest_deadline_ = now + kLeaderGrace;
      break;
    case Phase::kDied:
    case Phase::kStopped:
      break;
  }
}

void Lifecycle::stop(Cause cause, TimePoint now) {
  if (phase_ == Phase::kStopping || phase_ == Phase::kStopped) return;
  phase_ = Phase::kStopping;
  cause_ = cause;
  stop_began_ = now;
  begin_step(now);
}

void Lifecycle::tree_is_empty(TimePoint now) {
  if (phase_ != Phase::kStopping) return;
  phase_ = Phase::kStopped;
  emptied_ = now;
}

void Lifecycle::extend_start(Duration by, TimePoint now) {
  start_deadline_ = std::max(start_deadline_, now + by);
}

void Lifecycle::extend_stop(Duration by, TimePoint now) {
  if (phase_ == Phase::kStopping && step_ < plan_.steps.size()) {
    step_deadline_ = std::max(step_deadline_, now + by);
  }
}

void Lifecycle::time_passed(TimePoint now) {
  if (phase_ == Phase::kStarting && now >= start_deadline_) {
    stop(Cause::kTimeout, now);
  } else if (phase_ == Phase::kStopping && now >= step_deadline_) {
    if (step_ < plan_.steps.size()) ++step_;
    if (killed_ && now - kill_began_ >= kGiveUp) {
      gave_up_ = true;
      tree_is_empty(now);  // as far as we can
    } else {
      begin_step(now);
    }
  } else if (phase_ == Phase::kStopping && now >= rest_deadline_) {
    rest_deadline_ = kNever;
    // A shell dies of the signal that its children got with it and may still be working on.
    const Target target = shell_ ? Target::kRest : Target::kTree;
    if (step_ < plan_.steps.size()) order(plan_.steps[step_].signal, target);
  }
}

void Lifecycle::first_signal_is_in_vain(TimePoint now) {
  if (phase_ != Phase::kStopping || step_ > 0 || plan_.steps.size() < 2) return;
  skipped_first_ = true;
  step_deadline_ = now;
  rest_deadline_ = kNever;
}

std::vector<SignalOrder> Lifecycle::take_orders() { return std::exchange(orders_, {}); }

TimePoint Lifecycle::next_event() const {
  switch (phase_) {
    case Phase::kStarting:
      return start_deadline_;
    case Phase::kStopping:
      return std::min(step_deadline_, rest_deadline_);
    case Phase::kReady:
    case Phase::kDied:
    case Phase::kStopped:
      break;
  }
  return kNever;
}

bool Lifecycle::is_good_end() const { return end_ && end_rule_.accepts(*end_, signals_sent_); }

void Lifecycle::order(int signal, Target target) {
  orders_.push_back({signal, target});
  if (std::find(signals_sent_.begin(), signals_sent_.end(), signal) == signals_sent_.end()) {
    signals_sent_.push_back(signal);
  }
}

// The first signal is for the main process, which many servers pass on to their workers: a group
// would get it twice, and read the second one as "quit now". A shell passes nothing on. From the
// second step on nobody is left out.
void Lifecycle::begin_step(TimePoint now) {
  if (step_ >= plan_.steps.size()) {
    if (!killed_) kill_began_ = now;
    killed_ = true;
    killed_main_ = killed_main_ || is_main_alive();
    orders_.push_back({SIGKILL, Target::kTree});
    step_deadline_ = now + kKillAgain;
    return;
  }
  const StopStep& step = plan_.steps[step_];
  if (!is_main_alive() || step_ > 0) {
    order(step.signal, Target::kTree);
  } else {
    order(step.signal, shell_ ? Target::kGroup : Target::kMain);
  }
  step_deadline_ = now + step.wait;
}

}  // namespace gentle

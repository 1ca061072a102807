#include "supervise/conditions.h"

#include <algorithm>

namespace gentle {

void Conditions::add(std::unique_ptr<Probe> probe) { conditions_.push_back({std::move(probe)}); }

bool Conditions::listens(const Condition& condition, bool starting) {
  return (starting && condition.phase != Phase::kHolds) || condition.probe->stays();
}

void Conditions::add_poll_entries(std::vector<pollfd>& entries, bool starting) const {
  for (const Condition& condition : conditions_) {
    const int fd = listens(condition, starting) ? condition.probe->fd() : -1;
    entries.push_back({fd, condition.probe->events(), 0});
  }
}

void Conditions::take_events(const pollfd* first) {
  for (Condition& condition : conditions_) condition.told = (first++)->revents != 0;
}

TimePoint Conditions::next_look(bool starting) const {
  TimePoint next = kNever;
  for (const Condition& condition : conditions_) {
    if (listens(condition, starting)) next = std::min(next, condition.probe->next_check());
    if (starting && condition.heard && condition.phase != Phase::kHolds) return TimePoint{};
  }
  return next;
}

bool Conditions::look(TimePoint now) {
  for (Condition& condition : conditions_) look_at(condition, now);
  if (!all_hold()) return false;
  for (Condition& condition : conditions_) {
    if (is_stale(condition)) look_again_at(condition, now);
  }
  return all_hold();
}

bool Conditions::all_hold() const {
  return std::all_of(conditions_.begin(), conditions_.end(),
                     [](const Condition& condition) { return condition.phase == Phase::kHolds; });
}

bool Conditions::is_stale(const Condition& condition) const {
  if (!condition.probe->is_state()) return false;
  return std::any_of(conditions_.begin(), conditions_.end(), [&](const Condition& other) {
    return &other != &condition && condition.began < other.came;
  });
}

void Conditions::look_at(Condition& condition, TimePoint now) {
  Probe& probe = *condition.probe;
  if (condition.phase == Phase::kHolds) {
    if (condition.told && probe.stays()) probe.check(now);
    return;
  }
  const Phase before = condition.phase;
  if (condition.told || condition.heard || probe.next_check() <= now) {
    ++looks_;
    if (before == Phase::kOpen && !probe.is_looking()) condition.began = looks_;
    if (probe.check(now)) {
      condition.phase = Phase::kHolds;
      if (condition.held == kNever) condition.held = now;
      if (before == Phase::kOpen) condition.came = looks_;
      return;
    }
  }
  if (before == Phase::kAgain && !probe.is_looking()) condition.phase = Phase::kOpen;
}

void Conditions::look_again_at(Condition& condition, TimePoint now) {
  Probe& probe = *condition.probe;
  condition.began = ++looks_;
  probe.look_again();
  if (probe.check(now)) return;
  condition.phase = probe.is_looking() ? Phase::kAgain : Phase::kOpen;
}

void Conditions::hear(TimePoint now) {
  for (Condition& condition : conditions_) {
    Probe& probe = *condition.probe;
    if (probe.stays()) condition.heard = probe.check(now) && !probe.is_state();
  }
}

void Conditions::hear_messages(TimePoint now) {
  for (Condition& condition : conditions_) {
    Probe& probe = *condition.probe;
    if (probe.stays() && !probe.is_state()) condition.heard = probe.check(now);
  }
}

void Conditions::service_wrote(std::string_view text) {
  for (Condition& condition : conditions_) {
    if (condition.phase != Phase::kHolds) condition.probe->service_wrote(text);
  }
}

void Conditions::process_ended(int pid, bool is_main, const EndStatus& end) {
  for (Condition& condition : conditions_) condition.probe->process_ended(pid, is_main, end);
}

void Conditions::time_is_up() {
  for (Condition& condition : conditions_) {
    if (condition.phase != Phase::kHolds) condition.probe->time_is_up();
  }
}

void Conditions::give_up() {
  for (Condition& condition : conditions_) condition.probe->give_up();
}

void Conditions::service_stops() {
  for (Condition& condition : conditions_) condition.probe->service_stops();
}

void Conditions::drop_what_is_over() {
  std::erase_if(conditions_, [](const Condition& condition) { return !condition.probe->stays(); });
}

std::vector<std::string> Conditions::unmet(TimePoint started) const {
  std::vector<std::string> texts;
  for (const Condition& condition : conditions_) {
    if (condition.phase == Phase::kHolds) continue;
    std::string text = condition.probe->condition() + ": ";
    if (condition.held != kNever) {
      text += "it held " + describe(condition.held - started) + " after the start, then ";
    }
    texts.push_back(text + condition.probe->last_seen());
  }
  return texts;
}

std::vector<std::string> Conditions::doubts() const {
  std::vector<std::string> texts;
  for (const Condition& condition : conditions_) {
    const std::string doubt = condition.probe->doubt();
    if (!doubt.empty()) texts.push_back(doubt);
  }
  return texts;
}

}  // namespace gentle

// The decisions of a supervisor, without any process: events go in with the time at which they
// happened, orders come out. Supervisor (supervisor.h) turns the one into the other.
//
//   starting --conditions hold--> ready --main ends--> died
//      |                            |                    |
//      +--failed, stop asked--------+--stop asked--------+--> stopping --tree empty--> stopped
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/end_status.h"
#include "model/spec.h"
#include "model/state.h"

namespace gentle {

// Whom a signal goes to.
enum class Target {
  kMain,   // the main process alone: it tells its workers itself (systemd's KillMode=mixed)
  kGroup,  // its process group
  kTree,   // all that the service ever forked
  kRest,   // of this, what is not in the group
};

struct SignalOrder {
  int signal;
  Target target;

  bool operator==(const SignalOrder&) const = default;
};

// Why the service is being stopped, or did not start.
enum class Cause {
  kNone,
  kAsked,      // by gentle stop or down
  kSignalled,  // its supervisor was sent a signal: by a person, or by the service itself
  kAbandoned,  // every owner is gone
  kEarlyExit,  // ended before it was ready
  kTimeout,    // not ready within START_TIMEOUT
  kProbe,      // a condition said that it can never hold
};

class Lifecycle {
 public:
  Lifecycle(const Spec& spec, TimePoint now);

  // Events. `now` never goes back.
  void conditions_hold(TimePoint now);
  void main_ended(const EndStatus& end, TimePoint now);
  void stop(Cause cause, TimePoint now);
  void tree_is_empty(TimePoint now);
  void extend_start(Duration by, TimePoint now);
  void extend_stop(Duration by, TimePoint now);
  void time_passed(TimePoint now);
  // The first signal cannot have any effect: goes on to the next, but not to SIGKILL.
  void first_signal_is_in_vain(TimePoint now);

  // What to send now, in this order. Emptied by the call.
  std::vector<SignalOrder> take_orders();
  TimePoint next_event() const;  // when time_passed() has something to do

  Phase phase() const { return phase_; }
  Cause cause() const { return cause_; }
  bool is_one_shot() const { return one_shot_; }
  // Main had ended by itself, neither asked to nor as a one-shot may.
  bool died() const { return died_; }
  // The plan was over and SIGKILL had to end what was left; the main process among it?
  bool killed() const { return killed_; }
  bool killed_main() const { return killed_main_; }
  // SIGKILL did not help either: something of it runs on.
  bool gave_up() const { return gave_up_; }
  bool is_good_end() const;
  bool is_first_step() const { return step_ == 0; }
  bool skipped_first() const { return skipped_first_; }
  const std::optional<EndStatus>& end() const { return end_; }
  const std::vector<int>& signals_sent() const { return signals_sent_; }
  TimePoint started() const { return started_; }
  Duration start_limit() const { return start_deadline_ - started_; }
  TimePoint ready() const { return ready_; }
  TimePoint ended() const { return ended_; }      // of main
  TimePoint emptied() const { return emptied_; }  // of the last that it left
  TimePoint stop_began() const { return stop_began_; }

 private:
  bool is_main_alive() const { return !end_; }
  void order(int signal, Target target);
  void begin_step(TimePoint now);

  StopPlan plan_;
  EndRule end_rule_;
  bool shell_;
  bool one_shot_;
  TimePoint started_;
  TimePoint start_deadline_;
  TimePoint ready_ = kNever;
  TimePoint ended_ = kNever;
  TimePoint emptied_ = kNever;
  TimePoint stop_began_ = kNever;
  TimePoint kill_began_ = kNever;

  Phase phase_ = Phase::kStarting;
  Cause cause_ = Cause::kNone;
  std::optional<EndStatus> end_;
  bool died_ = false;
  bool killed_ = false;
  bool killed_main_ = false;
  bool gave_up_ = false;
  bool skipped_first_ = false;
  std::size_t step_ = 0;  // of the plan; its size means SIGKILL
  TimePoint step_deadline_ = kNever;
  TimePoint rest_deadline_ = kNever;  // when what outlives its leader is told to end
  std::vector<int> signals_sent_;
  std::vector<SignalOrder> orders_;
};

}  // namespace gentle

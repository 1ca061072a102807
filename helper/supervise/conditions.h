// When all conditions of READY hold at one moment: the decision, without processes or time of its
// own.
//
// Each condition is looked at until it holds. When all have come to hold, every state
// (Probe::is_state) that holds by a look that began before another condition came to hold is looked
// at once more, at once; a fact, such as a line in the log, stays. The service is ready when each
// of these second looks has said yes. None is needed where there is only one condition, nor of a
// command that was begun when all else held.
//
// A state that says no is waited for again, and has come to hold anew when it is back. By a second
// look that says yes nothing has come: so two states whose looks take long, such as commands, do
// not call for each other without end.
#pragma once

#include <poll.h>

#include <memory>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/end_status.h"
#include "probe/probe.h"

namespace gentle {

class Conditions {
 public:
  void add(std::unique_ptr<Probe> probe);

  // One for each condition. `starting`: look() will follow; else hear().
  void add_poll_entries(std::vector<pollfd>& entries, bool starting) const;
  // `first`: the entry of the first condition, after the poll.
  void take_events(const pollfd* first);
  // When a look is due though nothing has happened.
  TimePoint next_look(bool starting) const;

  // One round: looks at what is due. Whether all hold. Throws Error when one never can.
  bool look(TimePoint now);
  // Lets those that stay (Probe::stays) receive what has come for them. A fact that holds by it is
  // seen by the next look().
  void hear(TimePoint now);
  // Likewise, but only what the service sends by itself (NOTIFY): no condition is looked at.
  void hear_messages(TimePoint now);
  void service_wrote(std::string_view text);
  void process_ended(int pid, bool is_main, const EndStatus& end);
  // START_TIMEOUT is over, and the service still runs.
  void time_is_up();
  // The start is over.
  void give_up();
  void service_stops();
  // The service is ready: what is not needed any more is closed.
  void drop_what_is_over();

  // "TCP port 8080 (sql): it held 1.2 s after the start, then nobody listens".
  std::vector<std::string> unmet(TimePoint started) const;
  std::vector<std::string> doubts() const;

 private:
  enum class Phase {
    kOpen,   // waited for
    kHolds,  // at the last look
    kAgain,  // held; a second look is under way
  };

  struct Condition {
    std::unique_ptr<Probe> probe;
    Phase phase = Phase::kOpen;
    bool told = false;        // its descriptor is ready
    bool heard = false;       // it holds by what hear() has received
    long began = 0;           // which look of all it was, the last one that began
    long came = 0;            // and the one by which it came to hold, the last time
    TimePoint held = kNever;  // when it was first seen to hold
  };

  static bool listens(const Condition& condition, bool starting);
  bool all_hold() const;
  bool is_stale(const Condition& condition) const;
  void look_at(Condition& condition, TimePoint now);
  void look_again_at(Condition& condition, TimePoint now);

  std::vector<Condition> conditions_;
  long looks_ = 0;  // of all conditions
};

}  // namespace gentle

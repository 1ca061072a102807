// Readiness: one condition is one Probe, one kind is one file of this folder and one row of
// model/ready_kinds.h.
//
// The supervisor makes the probes before it starts the service (so that nothing is missed, and what
// lay there before is known), then calls check() whenever fd() is ready or next_check() has come,
// until it says true. A probe never blocks and never sleeps.
//
// Some conditions are facts: a line in the log, READY=1, an exit. Others are states, which may end
// again: a database listens while it sets itself up, stops, and listens once more. All states have
// to hold at one moment: see supervise/conditions.h. So a state may be looked at again after
// check() has said true.
#pragma once

#include <poll.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/deadline.h"
#include "base/end_status.h"
#include "base/environment.h"
#include "model/notify_message.h"
#include "model/spec.h"
#include "model/variables.h"

namespace gentle {

// What a probe may know of its service.
struct ProbeContext {
  std::string service;
  ServiceAddress* address = nullptr;  // TCP and HTTP set its host to where the service listens
  std::string working_directory;      // relative paths start here
  Variables variables;                // of the service itself
  Environment environment;            // for COMMAND
  // The service's process tree, alive; and, for a quick look, its main process with what has been
  // left to the supervisor.
  std::function<std::vector<int>()> service_pids;
  std::function<std::vector<int>()> leading_pids;
  std::function<bool(int pid)> is_service_process;
  std::function<void(const NotifyMessage&)> on_notification;  // NOTIFY, ready or not
};

class Probe {
 public:
  virtual ~Probe() = default;

  // Whether the condition holds. Throws Error when it never can.
  virtual bool check(TimePoint now) = 0;

  virtual int fd() const { return -1; }
  virtual short events() const { return POLLIN; }
  virtual TimePoint next_check() const { return kNever; }

  // Whether it may cease to hold: a state, and no fact.
  virtual bool is_state() const { return false; }
  // Forgets that it held: the next check() looks anew. For states only.
  virtual void look_again() {}
  // A look takes more than one check(), and has no result yet.
  virtual bool is_looking() const { return false; }

  // What is waited for, "TCP port 8080 (http)", and what was seen last, "connection refused"; that
  // may have further lines.
  virtual std::string condition() const = 0;
  virtual std::string last_seen() const { return ""; }

  // START_TIMEOUT is over, the condition does not hold, and the service still runs: a last look for
  // what last_seen() should tell of where the service is instead.
  virtual void time_is_up() {}

  // Empty, or what could not be made sure of, now that the condition holds: for the user.
  virtual std::string doubt() const { return ""; }

  // Variables that the service needs to find the probe.
  virtual void add_environment(Environment&) const {}
  // The start is over, one way or the other: ends what is under way.
  virtual void give_up() {}
  // The service is about to be stopped: it shall not have to wait for us.
  virtual void service_stops() {}
  // Whether it goes on listening once the service is ready.
  virtual bool stays() const { return false; }
  // The service wrote this to its log.
  virtual void service_wrote(std::string_view /*text*/) {}
  // A child of the supervisor ended; `is_main`: the service's main process.
  virtual void process_ended(int /*pid*/, bool /*is_main*/, const EndStatus& /*end*/) {}
};

// The arguments of `ready` hold no @NAME@ any more.
std::unique_ptr<Probe> make_probe(const ReadySpec& ready, const ProbeContext& context);

}  // namespace gentle

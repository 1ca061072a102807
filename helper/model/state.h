// What the supervisor makes known of a service: <state>/state.json, written whole at every change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/end_status.h"
#include "base/process_id.h"
#include "model/coverage_ledger.h"
#include "model/variables.h"

namespace gentle {

enum class Phase {
  kStarting,
  kReady,
  kStopping,
  kDied,     // ended by itself after it was ready; the supervisor waits to be asked to stop
  kStopped,  // over; what remains is this report
};

std::string_view phase_name(Phase phase);  // "starting" ...

// How it came to its end.
enum class Outcome {
  kNone,         // it has not
  kStopped,      // asked to, and well
  kDied,         // by itself, after it was ready
  kCrashed,      // the same or before it was ready, by SIGSEGV and the like
  kNotReady,     // its start took too long, or a condition can never hold
  kFailed,       // ended before it was ready, or its stop was not good
  kInterrupted,  // whoever used it is gone without having stopped it
};

bool is_bad(Outcome outcome);                    // not so: kNone, kStopped, kInterrupted
std::string_view outcome_name(Outcome outcome);  // "stopped" ...; kNone: ""

// How the service came to a bad end before others started it anew, and who used it then: their
// stops tell it, until they start it themselves.
struct EarlierEnd {
  std::string message;
  std::vector<ProcessId> users;
};

struct State {
  std::string service;
  std::string spec;  // path
  Phase phase = Phase::kStarting;
  std::string boot_id;
  ProcessId supervisor;
  ProcessId successor;            // pid 0: unknown (of an older gentle), or there is none
  int session = 0;                // of these two and of what they start alone; 0: unknown
  ProcessId main;                 // pid 0: no process (not yet, or a one-shot that is over)
  bool handed_over = false;       // main is not the process that was launched: MAINPID=
  std::vector<ProcessId> users;   // who has used it, and lived when the last one came
  EarlierEnd earlier_end;         // without users: there is nothing to tell
  std::vector<ProcessId> owners;  // the ctest runs that use it
  Variables variables;
  std::string address;            // "127.0.0.1:8080" of the first port, or ""
  std::string log;                // path
  std::int64_t started_at = 0;    // milliseconds since 1970
  std::int64_t ready_after = -1;  // milliseconds from start; -1: not ready yet
  std::int64_t ended_at = 0;      // milliseconds since 1970; 0: not yet, or nobody knows
  Outcome outcome = Outcome::kNone;
  std::optional<EndStatus> end;  // of the main process
  std::string status;            // the last STATUS= of the NOTIFY protocol
  std::string message;           // one line for people: how it failed or ended
  CoverageLedger coverage;       // of its processes that have ended
};

std::string to_json(const State& state);

// `gentle status --json`: each state, with "condition" as people are told it.
std::string to_json(const std::vector<State>& states, const std::vector<std::string>& conditions);

// Whether the text is that of a service that was stopped, whose end was not bad, and of which there
// is nothing to tell, without reading the rest of it.
bool tells_of_good_end(std::string_view json);

// Throws Error, which names `path`, for whatever is not the whole of a state that to_json wrote.
// What a power cut has made empty, has cut or filled with zeros is none: JSON has its own last
// byte.
State state_from_json(std::string_view text, const std::string& path);

}  // namespace gentle

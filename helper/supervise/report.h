// What a supervisor tells people: how a start or a stop went, why, and what to change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/coverage_ledger.h"
#include "model/spec.h"
#include "model/state.h"
#include "supervise/core_hint.h"
#include "supervise/lifecycle.h"

namespace gentle {

// A process that still ran when the time of the first signal was up.
struct LateProcess {
  enum class Why { kUnknown, kIgnores, kOnlyWaits };
  std::string process;  // "12 (sh -c ...)"
  Why why;
};

// All that a report may speak of.
struct ReportFacts {
  const Spec& spec;
  const Lifecycle& life;
  std::string address{};                        // of the first port; may be empty
  std::string why{};                            // it was stopped: kSignalled, kAbandoned
  std::string status{};                         // its last STATUS= of the NOTIFY protocol
  std::optional<int> error_number{};            // its last ERRNO=
  std::vector<std::string> unmet_conditions{};  // "TCP port 8080 (http): nobody listens"
  std::string port_holder{};          // a stranger on a port of the service, if there is one
  std::vector<std::string> killed{};  // "123 (worker --quiet)" of what SIGKILL had to end
  std::string ignored_signal{};       // name of the plan's first signal if the service ignored it
  std::string unhandled_signal{};     // the same if one of its processes had no handler for it
  CoverageLedger coverage{};          // of all its processes
  std::vector<std::string> left{};    // "123 (nginx) of user id 33" of what outlived SIGKILL
  Crash crash{};                      // if it has crashed
  std::vector<LateProcess> late{};
  Duration late_after{};
  // "13 (server)" of those that had to be sent the signal, as their parent does not pass it on.
  std::vector<std::string> not_passed_on{};
  bool has_wrapper = false;  // one of these is another program than the main process
  bool deserted = false;     // whoever used it is gone without having stopped it
};

// How a service came to its end, once it has ended.
Outcome outcome_of(const ReportFacts& facts);

// "it ended by itself: exit status 3, 12 ms after it was ready". Of Lifecycle::died().
std::string died_text(const Lifecycle& life);

// "api: ready after 12 ms at 127.0.0.1:8080".
std::string start_report(const ReportFacts& facts);

// "api: waiting for TCP port 80 (http): nobody listens; 12 s of 30 s". `time` stands at its end;
// nothing open: "".
std::string progress_report(const std::string& service, const std::string& what,
                            const std::vector<std::string>& open, const std::string& time);

// Why it did not become ready. For Cause::kEarlyExit, kTimeout, kAsked, kSignalled and kAbandoned.
Error start_error(const ReportFacts& facts);

// "api: stopped by SIGINT after 12 ms: exit status 0". Throws Error if that end is not as it should
// be.
std::string stop_report(const ReportFacts& facts);

// What to tell of this error of stop_report(): before lost counts, how it was stopped.
std::string failed_stop_text(const ReportFacts& facts, const Error& error);

}  // namespace gentle

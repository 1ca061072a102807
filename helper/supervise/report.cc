#include "supervise/report.h"

#include <algorithm>
#include <csignal>
#include <optional>

#include "base/exit_code.h"
#include "base/signal_name.h"
#include "model/coverage_ledger.h"
#include "model/variables.h"
#include "os/core_dumps.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::size_t kLogTail = 20;
// How much later than its main process a service may be gone without a word.
constexpr auto kWorthTelling = std::chrono::milliseconds(100);

std::vector<std::string> log_tail(const Spec& spec) {
  const std::string path = log_path(spec);
  std::vector<std::string> lines = last_lines(path, kLogTail);
  for (std::string& line : lines) line = "  | " + line;
  const std::string none = file_exists(path) ? "log is empty: " : "log was removed: ";
  const std::string title = lines.empty() ? none : "last lines of its log, " + path + ":";
  lines.insert(lines.begin(), lines.empty() ? title + path : title);
  return lines;
}

std::string plan_text(const ReportFacts& facts) {
  std::string text;
  const auto& steps = facts.spec.stop_plan.steps;
  for (std::size_t i = facts.life.skipped_first() ? 1 : 0; i < steps.size(); ++i) {
    const StopStep& step = steps[i];
    text += (text.empty() ? "" : " and ") + describe(step.wait) + " of " + signal_name(step.signal);
  }
  return text;
}

std::string stop_signals(const Lifecycle& life) {
  std::string text;
  for (const int signal : life.signals_sent()) {
    text += (text.empty() ? "" : ", ") + signal_name(signal);
  }
  return text;
}

// What the service has said of itself by the NOTIFY protocol, before its log: it may know why.
std::vector<std::string> last_words(const ReportFacts& facts) {
  std::string text = facts.status.empty() ? "" : "status '" + facts.status + "'";
  if (facts.error_number) {
    text += (text.empty() ? "errno " : ", errno ") + std::to_string(*facts.error_number) + " (" +
            errno_text(*facts.error_number) + ")";
  }
  std::vector<std::string> lines = log_tail(facts.spec);
  if (!text.empty()) lines.insert(lines.begin(), "  it last said: " + text);
  return lines;
}

// The memory killer of the kernel, or of a container, sends nothing else.
constexpr const char* kWhoKills =
    "gentle did not kill it: was memory short (dmesg | grep -i 'killed process'), or was it kill "
    "-9?";

// A shell, and what else waits for a program, ends so if that one has crashed.
std::optional<EndStatus> crash_of_child(const EndStatus& end) {
  const EndStatus child{true, end.value - 128};
  if (end.by_signal || !is_crash(child)) return std::nullopt;
  return child;
}

std::string end_text(const EndStatus& end) {
  const auto child = crash_of_child(end);
  if (!child) return describe(end);
  return describe(end) + ", as of a shell whose program died by " + signal_name(child->value);
}

bool is_shell(const std::string& program) {
  const std::string name = program.substr(program.find_last_of('/') + 1);
  for (const char* shell : {"sh", "bash", "dash", "zsh", "ksh", "ash"}) {
    if (name == shell) return true;
  }
  return false;
}

// A variable of the service in COMMAND as a shell would have it, where no shell is: "$API_PORT".
// A hint, or "".
std::string unexpanded_variable(const Spec& spec) {
  if (spec.shell || spec.command.empty() || is_shell(spec.command.front())) return "";
  const std::string prefix = service_prefix(spec.name) + "_";
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  for (const std::string& word : spec.command) {
    for (const std::string& begin : {"$" + prefix, "${" + prefix}) {
      const std::size_t at = word.find(begin);
      if (at == std::string::npos) continue;
      const std::size_t name = at + begin.size() - prefix.size();
      const std::size_t end = std::min(word.find_first_not_of(kLetters, name), word.size());
      return "COMMAND passes '" + word + "' as it is; write @" + word.substr(name, end - name) +
             "@";
    }
  }
  return "";
}

// What helps against an end of this kind, whenever it comes; else `otherwise`.
std::string hint_for(const ReportFacts& facts, const std::string& otherwise) {
  const EndStatus& end = *facts.life.end();
  if (is_crash(end)) return core_hint(facts.crash, core_dumps());
  if (crash_of_child(end)) return core_hint({.folder = facts.crash.folder}, core_dumps());
  if (end == EndStatus{true, SIGKILL}) return kWhoKills;
  return otherwise;
}

std::string exit_code_word(const EndStatus& end) {
  return end.by_signal ? signal_name(end.value) : std::to_string(end.value);
}

Error early_exit_error(const ReportFacts& facts) {
  const Lifecycle& life = facts.life;
  const EndStatus& end = *life.end();
  std::string cause = is_crash(end)
                          ? crash_text(end) + " before it was ready: " + signal_name(end.value)
                          : "it ended before it was ready: " + end_text(end);
  cause += " after " + describe(life.ended() - life.started());
  if (!facts.port_holder.empty()) cause += "; " + facts.port_holder;
  Error error("start service", facts.spec.name, cause);
  error.notes(last_words(facts)).exit_code(kExitFailed);
  if (end == EndStatus{false, 0}) {
    return error.hint(
        "run it in the foreground (no daemon mode), or say READY EXIT if it is a one-shot");
  }
  const std::string accept = "if this is a good end: EXIT_CODES 0 " + exit_code_word(end);
  const std::string variable = unexpanded_variable(facts.spec);
  return error.hint(hint_for(facts, variable.empty() && life.is_one_shot() ? accept : variable));
}

Error timeout_error(const ReportFacts& facts) {
  Error error("start service", facts.spec.name,
              "not ready within " + describe(facts.life.start_limit()));
  for (const std::string& condition : facts.unmet_conditions) {
    error.note("  waiting for " + condition);
  }
  const std::string variable = unexpanded_variable(facts.spec);
  return error.notes(log_tail(facts.spec))
      .hint(variable.empty() ? "correct READY, or give it more time: START_TIMEOUT <seconds>"
                             : variable)
      .exit_code(kExitFailed);
}

Error stop_error(const ReportFacts& facts, const std::string& cause, const std::string& hint) {
  Error error("stop service", facts.spec.name, cause);
  for (const std::string& process : facts.killed) error.note("  killed: pid " + process);
  if (facts.coverage.instrumented() > 0) error.note("  coverage of " + describe(facts.coverage));
  return error.notes(last_words(facts)).hint(hint).exit_code(kExitFailed);
}

Error died_error(const ReportFacts& facts) {
  const Lifecycle& life = facts.life;
  const std::string cause = is_crash(*life.end())
                                ? died_text(life)
                                : "it had ended by itself: " + end_text(*life.end()) + ", " +
                                      describe(life.ended() - life.ready()) + " after it was ready";
  return stop_error(
      facts, cause,
      hint_for(facts,
               "a service runs until it is stopped; READY EXIT is for one that ends by itself"));
}

Error killed_error(const ReportFacts& facts) {
  const std::string plan = plan_text(facts);
  if (!facts.life.killed_main()) {
    return stop_error(facts,
                      "processes that it left did not end within " + plan + ", SIGKILL ended them",
                      "let the service wait for its children, or end them itself");
  }
  std::string hint = "let it handle " + signal_name(facts.spec.stop_plan.steps.front().signal) +
                     " and exit, or give it more time: STOP <signal> <seconds>";
  if (!facts.ignored_signal.empty()) {
    hint = "it ignores " + facts.ignored_signal + "; name a signal that ends it: STOP SIGTERM 10";
  }
  return stop_error(facts, "it did not end within " + plan + ", SIGKILL ended it", hint);
}

Error left_error(const ReportFacts& facts) {
  Error error("stop service", facts.spec.name,
              "it did not end within " + plan_text(facts) + ", and SIGKILL could not end it");
  for (const std::string& process : facts.left) error.note("  still runs: pid " + process);
  return error
      .hint(
          "gentle cannot end processes of another user: run the service and ctest as the same user")
      .exit_code(kExitFailed);
}

Error bad_end_error(const ReportFacts& facts) {
  const Lifecycle& life = facts.life;
  const EndStatus& end = *life.end();
  const std::string how =
      is_crash(end) ? crash_text(end) + " by " + signal_name(end.value) : end_text(end);
  const std::string accept =
      "mend the service's shutdown; if this is its good end: EXIT_CODES 0 " + exit_code_word(end);
  return stop_error(facts,
                    how + " after " + stop_signals(life) + " (" +
                        describe(life.ended() - life.stop_began()) + ")",
                    hint_for(facts, accept));
}

std::string remedy_without_recorder(std::optional<Language> language) {
  if (language == Language::kNode) return "hand NODE_OPTIONS on to each Node that it starts";
  if (language == Language::kJava) return "hand JAVA_TOOL_OPTIONS on to each Java that it starts";
  return "start Python without -I, -E and -S, and hand PYTHONPATH on to what it starts";
}

// What would help against the first of the reasons; against the one by exec only if it is alone.
std::string remedy_of(CoverageLedger::Losses lost, const std::string& signal,
                      std::optional<Language> language) {
  if (lost.erase({Loss::Code::kExec, ""}) == 1 && lost.empty()) {
    return "call __gcov_dump() or __llvm_profile_write_file() before exec";
  }
  if (lost.erase({Loss::Code::kForkOfUnread, ""}) == 1 && lost.empty()) {
    return "let gcc know of its forks: -std=gnu++20 instead of -std=c++20 (CXX_EXTENSIONS ON)";
  }
  const Loss& first = lost.begin()->first;
  if (first.code == Loss::Code::kNoRecorder) {
    return remedy_without_recorder(language);
  }
  if (first.code == Loss::Code::kNotRecorded) {
    return "what its recorder lacks stands above; the rest of its lines is in the report";
  }
  const std::string handle = "let it handle " + signal + " and exit, which writes its coverage";
  const bool forbidden = first.detail.starts_with("ptrace is forbidden");
  return forbidden ? "allow ptrace (docker run --cap-add SYS_PTRACE), or " + handle : handle;
}

Error lost_coverage_error(const ReportFacts& facts) {
  const CoverageLedger& ledger = facts.coverage;
  Error error("stop service", facts.spec.name,
              "coverage of " + std::to_string(total(ledger.lost)) + " of its " +
                  std::to_string(ledger.instrumented()) + " processes is lost");
  std::map<std::string, std::string> first;
  for (const auto& [loss, process] : ledger.first_lost) first.try_emplace(describe(loss), process);
  for (const auto& [reason, count] : texts_of(ledger.lost)) {
    error.note("  " + std::to_string(count) + ": " + reason);
    const auto known = first.find(reason);
    if (known == first.end()) continue;
    error.note("     " + std::string(count > 1 ? "the first: " : "") + known->second);
  }
  const std::string signal = signal_name(facts.spec.stop_plan.steps.front().signal);
  return error
      .hint(remedy_of(ledger.lost, signal, facts.spec.language) + "; or do without: COVERAGE OFF")
      .exit_code(kExitFailed);
}

std::string late_text(const LateProcess& late, const std::string& signal) {
  switch (late.why) {
    case LateProcess::Why::kIgnores:
      return "  pid " + late.process + " ignores " + signal + "\n";
    case LateProcess::Why::kOnlyWaits:
      return "  pid " + late.process + " passes nothing on and waits for its children\n";
    case LateProcess::Why::kUnknown:
      break;
  }
  return "  pid " + late.process + "\n";
}

std::string late_hint(const ReportFacts& facts, const std::string& signal, bool has_wrapper) {
  if (has_wrapper) {
    return "hint: let COMMAND be the program itself and not what starts it (in a shell: exec "
           "<program>), or say SHELL\n";
  }
  const auto ignores = [](const LateProcess& late) {
    return late.why == LateProcess::Why::kIgnores;
  };
  const Lifecycle& life = facts.life;
  const bool are_left = facts.late.empty() || life.ended() - life.stop_began() < facts.late_after;
  if (are_left && std::none_of(facts.late.begin(), facts.late.end(), ignores)) {
    return "hint: let it tell its children to end, and wait for them, before it ends itself\n";
  }
  return "hint: let it end on " + signal + ", or name a signal that ends it: STOP SIGTERM 10\n";
}

// What of the service costs time, or would without us, and what to write instead.
std::string wrapper_text(const ReportFacts& facts) {
  const std::string signal = signal_name(facts.spec.stop_plan.steps.front().signal);
  bool has_wrapper = facts.has_wrapper;
  std::string text;
  for (const std::string& process : facts.not_passed_on) {
    text += facts.spec.name + ": " + signal + " was not passed on to pid " + process +
            ", so it was sent there as well\n";
  }
  if (!facts.late.empty()) {
    text += facts.spec.name + ": " + signal + " did not end it";
    if (!facts.life.skipped_first()) {
      text += " within " + describe(facts.late_after);
    }
    text += ":\n";
  }
  for (const LateProcess& late : facts.late) {
    text += late_text(late, signal);
    has_wrapper = has_wrapper || late.why == LateProcess::Why::kOnlyWaits;
  }
  return text.empty() ? text : text + late_hint(facts, signal, has_wrapper);
}

// What became of its coverage, and what the service could do better.
std::string coverage_text(const ReportFacts& facts) {
  if (facts.coverage.instrumented() == 0) return "\n";
  std::string text = "; coverage of " + describe(facts.coverage) + "\n";
  if (facts.coverage.rescued.contains(facts.unhandled_signal)) {
    text += facts.spec.name + ": does not handle " + facts.unhandled_signal +
            ", so its counters are read from its memory; a handler that exits would write them\n";
  }
  return text;
}

// Throws Error for an end that is none of its good ones.
void check_end(const ReportFacts& facts) {
  const Lifecycle& life = facts.life;
  if (life.gave_up()) throw left_error(facts);
  if (life.died()) throw died_error(facts);
  if (life.killed()) throw killed_error(facts);
  if (!life.is_good_end()) throw bad_end_error(facts);
}

bool had_ended(const Lifecycle& life) { return life.ended() < life.stop_began(); }

std::string end_line(const ReportFacts& facts) {
  const Lifecycle& life = facts.life;
  if (had_ended(life)) {
    std::string text =
        facts.spec.name + ": had ended by itself, as READY EXIT says: " + describe(*life.end());
    const bool is_stopped = life.emptied() != kNever;
    if (!is_stopped || life.emptied() - life.stop_began() < kWorthTelling) return text;
    return text + "; what it left was stopped by " + stop_signals(life) + " after " +
           describe(life.emptied() - life.stop_began());
  }
  std::string text = facts.spec.name + ": stopped by " + stop_signals(life) + " after " +
                     describe(life.ended() - life.stop_began()) + ": " + describe(*life.end());
  if (life.emptied() - life.ended() >= kWorthTelling) {
    text += "; what it left ended " + describe(life.emptied() - life.ended()) + " later";
  }
  return text;
}

// That of a life that was ready; the signal that ended it may be one that it was to end by.
bool stopped_well(const ReportFacts& facts) {
  try {
    stop_report(facts);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::string died_text(const Lifecycle& life) {
  const EndStatus& end = *life.end();
  const std::string how = is_crash(end) ? crash_text(end) + ": " + signal_name(end.value)
                                        : "it ended by itself: " + end_text(end);
  return how + ", " + describe(life.ended() - life.ready()) + " after it was ready";
}

Outcome outcome_of(const ReportFacts& facts) {
  const Lifecycle& life = facts.life;
  const bool crashed = life.end() && is_crash(*life.end()) && !life.is_good_end();
  if (life.ready() == kNever) {
    switch (life.cause()) {
      case Cause::kEarlyExit:
        return crashed ? Outcome::kCrashed : Outcome::kFailed;
      case Cause::kTimeout:
      case Cause::kProbe:
        return Outcome::kNotReady;
      case Cause::kAbandoned:
        return Outcome::kInterrupted;
      case Cause::kNone:
      case Cause::kAsked:
      case Cause::kSignalled:
        return Outcome::kStopped;
    }
  }
  if (crashed) return Outcome::kCrashed;
  if (life.died()) return Outcome::kDied;
  if (!stopped_well(facts)) return Outcome::kFailed;
  const bool interrupted = life.cause() == Cause::kAbandoned && facts.deserted;
  return interrupted ? Outcome::kInterrupted : Outcome::kStopped;
}

std::string start_report(const ReportFacts& facts) {
  std::string text =
      facts.spec.name + ": ready after " + describe(facts.life.ready() - facts.life.started());
  if (!facts.address.empty()) text += " at " + facts.address;
  return text + "\n";
}

std::string progress_report(const std::string& service, const std::string& what,
                            const std::vector<std::string>& open, const std::string& time) {
  constexpr std::size_t kShown = 3;
  if (open.empty()) return "";
  std::string text = service + ": waiting for " + what + open.front();
  for (std::size_t i = 1; i < std::min(open.size(), kShown); ++i) text += ", " + open[i];
  if (open.size() > kShown) text += " and " + std::to_string(open.size() - kShown) + " more";
  return text + "; " + time + "\n";
}

Error start_error(const ReportFacts& facts) {
  switch (facts.life.cause()) {
    case Cause::kEarlyExit:
      return early_exit_error(facts);
    case Cause::kTimeout:
      return timeout_error(facts);
    case Cause::kNone:
    case Cause::kAsked:
    case Cause::kSignalled:
    case Cause::kAbandoned:
    case Cause::kProbe:
      break;
  }
  const std::string why = facts.why.empty() ? "" : ": " + facts.why;
  return Error("start service", facts.spec.name, "it was stopped before it was ready" + why)
      .exit_code(kExitFailed);
}

std::string stop_report(const ReportFacts& facts) {
  check_end(facts);
  if (!facts.coverage.lost.empty()) throw lost_coverage_error(facts);
  return end_line(facts) + coverage_text(facts) +
         (had_ended(facts.life) ? "" : wrapper_text(facts));
}

std::string failed_stop_text(const ReportFacts& facts, const Error& error) {
  try {
    check_end(facts);
  } catch (const Error&) {
    return error.message();  // it tells the end
  }
  return end_line(facts) + "; coverage of " + describe_numbers(facts.coverage) + "\n" +
         error.message();
}

}  // namespace gentle

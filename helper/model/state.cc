#include "model/state.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/printable.h"
#include "model/json_integer.h"

namespace gentle {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr const char* kEarlierEnd = "earlier_end";
constexpr Phase kPhases[] = {Phase::kStarting, Phase::kReady, Phase::kStopping, Phase::kDied,
                             Phase::kStopped};

constexpr Outcome kOutcomes[] = {Outcome::kNone,       Outcome::kStopped,  Outcome::kDied,
                                 Outcome::kCrashed,    Outcome::kNotReady, Outcome::kFailed,
                                 Outcome::kInterrupted};

Json to_json(const ProcessId& id) { return {{"pid", id.pid}, {"start_time", id.start_time}}; }

ProcessId process_from(const Json& json) {
  ProcessId id{integer_from<int>(json.at("pid")),
               integer_from<std::uint64_t>(json.at("start_time"))};
  if (id.pid < 0) throw Error("", "", "a pid is negative");
  return id;
}

Json to_json(const std::optional<EndStatus>& end) {
  if (!end) return nullptr;
  return {{end->by_signal ? "signal" : "exit_code", end->value}};
}

std::optional<EndStatus> end_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  const bool by_signal = json.contains("signal");
  return EndStatus{by_signal, integer_from<int>(json.at(by_signal ? "signal" : "exit_code"))};
}

Phase phase_from(const std::string& name) {
  for (const Phase phase : kPhases) {
    if (phase_name(phase) == name) return phase;
  }
  throw Error("", "", "'" + name + "' is no phase");
}

Outcome outcome_from(const std::string& name) {
  for (const Outcome outcome : kOutcomes) {
    if (outcome_name(outcome) == name) return outcome;
  }
  throw Error("", "", "'" + name + "' is no outcome");
}

Json to_json(const CoverageLedger::Losses& losses) {
  Json list = Json::array();
  for (const auto& [loss, count] : losses) {
    list.push_back(
        {{"code", loss_code_name(loss.code)}, {"detail", loss.detail}, {"processes", count}});
  }
  return list;
}

CoverageLedger::Losses losses_from(const Json& json) {
  CoverageLedger::Losses losses;
  for (const Json& loss : json) {
    const auto name = loss.at("code").get<std::string>();
    const auto code = find_loss_code(name);
    if (!code) throw Error("", "", "'" + name + "' is no code of a loss");
    losses[{*code, loss.at("detail").get<std::string>()}] = integer_from<int>(loss.at("processes"));
  }
  return losses;
}

// `lost` for people, by the whole text; `losses`, if there are any, for scripts.
Json to_json(const CoverageLedger& ledger) {
  Json json = {{"instrumented", ledger.instrumented()},
               {"running", ledger.running},
               {"written", ledger.written},
               {"rescued", ledger.rescued},
               {"lost", texts_of(ledger.lost)}};
  if (!ledger.lost.empty()) json["losses"] = to_json(ledger.lost);
  return json;
}

CoverageLedger::Reasons reasons_from(const Json& json) {
  CoverageLedger::Reasons reasons;
  for (const auto& [reason, count] : json.items()) reasons[reason] = integer_from<int>(count);
  return reasons;
}

CoverageLedger ledger_from(const Json& json) {
  return {integer_from<int>(json.at("running")), integer_from<int>(json.at("written")),
          reasons_from(json.at("rescued")), losses_from(json.value("losses", Json::array()))};
}

Json to_json(const std::vector<ProcessId>& processes) {
  Json list = Json::array();
  for (const ProcessId& process : processes) list.push_back(to_json(process));
  return list;
}

std::vector<ProcessId> processes_from(const Json& json) {
  std::vector<ProcessId> processes;
  for (const Json& process : json) processes.push_back(process_from(process));
  return processes;
}

Json json_from(const State& state) {
  Json json = {
      {"format", kFormat},
      {"service", state.service},
      {"spec", state.spec},
      {"phase", phase_name(state.phase)},
      {"boot_id", state.boot_id},
      {"supervisor", to_json(state.supervisor)},
      {"successor", to_json(state.successor)},
      {"session", state.session},
      {"main", to_json(state.main)},
      {"handed_over", state.handed_over},
      {"owners", to_json(state.owners)},
      {"users", to_json(state.users)},
      {"variables", state.variables},
      {"address", state.address},
      {"log", state.log},
      {"started_at", state.started_at},
      {"ready_after", state.ready_after},
      {"ended_at", state.ended_at},
      {"outcome", outcome_name(state.outcome)},
      {"end", to_json(state.end)},
      {"status", printable(state.status)},
      {"message", printable(state.message)},
      {"coverage", to_json(state.coverage)},
  };
  if (!state.earlier_end.users.empty()) {
    json[kEarlierEnd] = {{"message", printable(state.earlier_end.message)},
                         {"users", to_json(state.earlier_end.users)}};
  }
  return json;
}

// A path or a status text need not be valid UTF-8; JSON must be.
std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

State state_from(const Json& json) {
  if (integer_from<int>(json.at("format")) != kFormat) throw Error("", "", "its format is not 1");
  State state;
  state.service = json.at("service").get<std::string>();
  state.spec = json.at("spec").get<std::string>();
  state.phase = phase_from(json.at("phase").get<std::string>());
  state.boot_id = json.at("boot_id").get<std::string>();
  state.supervisor = process_from(json.at("supervisor"));
  state.main = process_from(json.at("main"));
  for (const Json& owner : json.at("owners")) state.owners.push_back(process_from(owner));
  state.variables = json.at("variables").get<Variables>();
  state.address = json.at("address").get<std::string>();
  state.log = json.at("log").get<std::string>();
  state.started_at = integer_from<std::int64_t>(json.at("started_at"));
  state.ready_after = integer_from<std::int64_t>(json.at("ready_after"));
  state.end = end_from(json.at("end"));
  state.status = json.at("status").get<std::string>();
  state.message = json.at("message").get<std::string>();
  // What an older gentle has left has none of these.
  if (json.contains("successor")) state.successor = process_from(json.at("successor"));
  if (json.contains("session")) state.session = integer_from<int>(json.at("session"));
  if (json.contains("users")) state.users = processes_from(json.at("users"));
  if (json.contains(kEarlierEnd)) {
    const Json& earlier = json.at(kEarlierEnd);
    state.earlier_end = {earlier.at("message").get<std::string>(),
                         processes_from(earlier.at("users"))};
  }
  if (json.contains("handed_over")) state.handed_over = json.at("handed_over").get<bool>();
  if (json.contains("coverage")) state.coverage = ledger_from(json.at("coverage"));
  if (json.contains("ended_at")) state.ended_at = integer_from<std::int64_t>(json.at("ended_at"));
  if (json.contains("outcome")) state.outcome = outcome_from(json.at("outcome").get<std::string>());
  return state;
}

}  // namespace

std::string_view phase_name(Phase phase) {
  switch (phase) {
    case Phase::kStarting:
      return "starting";
    case Phase::kReady:
      return "ready";
    case Phase::kStopping:
      return "stopping";
    case Phase::kDied:
      return "died";
    case Phase::kStopped:
      return "stopped";
  }
  return "";
}

bool is_bad(Outcome outcome) {
  return outcome != Outcome::kNone && outcome != Outcome::kStopped &&
         outcome != Outcome::kInterrupted;
}

std::string_view outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kNone:
      return "";
    case Outcome::kStopped:
      return "stopped";
    case Outcome::kDied:
      return "died";
    case Outcome::kCrashed:
      return "crashed";
    case Outcome::kNotReady:
      return "not-ready";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kInterrupted:
      return "interrupted";
  }
  return "";
}

std::string to_json(const State& state) { return dump(json_from(state)); }

// In a string each of its quotation marks would have a backslash.
bool tells_of_good_end(std::string_view json) {
  const auto has = [&](std::string_view name, std::string_view value) {
    const std::string member =
        "\n  \"" + std::string(name) + "\": \"" + std::string(value) + "\",\n";
    return json.find(member) != std::string_view::npos;
  };
  const std::string earlier = "\n  \"" + std::string(kEarlierEnd) + "\": {";
  return json.ends_with("\n}\n") && json.find(earlier) == std::string_view::npos &&
         has("phase", phase_name(Phase::kStopped)) &&
         (has("outcome", outcome_name(Outcome::kStopped)) ||
          has("outcome", outcome_name(Outcome::kInterrupted)));
}

std::string to_json(const std::vector<State>& states, const std::vector<std::string>& conditions) {
  Json array = Json::array();
  for (std::size_t i = 0; i < states.size(); ++i) {
    array.push_back(json_from(states[i]));
    array.back()["condition"] = conditions.at(i);
  }
  return dump(array);
}

State state_from_json(std::string_view text, const std::string& path) {
  std::string cause;
  try {
    return state_from(Json::parse(text));
  } catch (const Json::exception&) {
    cause = text.empty() ? "it is empty" : "it is no state file, or a damaged one";
  } catch (const Error& error) {
    cause = error.cause();
  }
  throw Error("read state", path, cause);
}

}  // namespace gentle

#include "model/spec.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/number.h"
#include "base/signal_name.h"
#include "model/spec_lines.h"

namespace gentle {
namespace {

constexpr std::string_view kFirstLine = "gentle-spec 1";
constexpr int kMostTimes = 999999;

enum ReadyArguments { kNone, kOne, kMany };
enum ReadyOptions : unsigned { kNothing = 0, kForeign = 1, kStatus = 2, kTimes = 4, kAtPort = 8 };

struct ReadyRow {
  ReadyKind kind;
  std::string_view keyword;
  ReadyArguments arguments;
  unsigned options;
};

#define GENTLE_ROW(name, keyword, file, arguments, options) \
  {ReadyKind::k##name, keyword, arguments, options},
constexpr ReadyRow kReadyRows[] = {GENTLE_READY_KINDS(GENTLE_ROW)};
#undef GENTLE_ROW

const ReadyRow& row_of(ReadyKind kind) { return kReadyRows[static_cast<std::size_t>(kind)]; }

bool is_name(std::string_view text) {
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) return false;
  }
  return !text.empty();
}

// "redis", or "vendored.redis" of a project inside another one, which may be called anything.
bool is_service_name(std::string_view text) {
  const std::size_t dot = text.find_last_of('.');
  if (dot == std::string_view::npos) return is_name(text);
  const auto may_stand = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; };
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(dot), may_stand) &&
         dot > 0 && is_name(text.substr(dot + 1));
}

bool is_variable(std::string_view text) {
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && !(c >= '0' && c <= '9')) return false;
  }
  return !text.empty() && !(text.front() >= '0' && text.front() <= '9');
}

PortSpec parse_port(std::string_view value) {
  const std::size_t equals = value.find('=');
  PortSpec port{std::string(value.substr(0, equals))};
  if (!is_name(port.name)) throw WrongSpec{in_quotes(value) + " is no port name"};
  if (equals != std::string_view::npos && value.substr(equals + 1) == "ANY") {
    port.any = true;
  } else if (equals != std::string_view::npos) {
    const auto number = parse_integer<int>(value.substr(equals + 1), 1, 65535);
    if (!number) throw WrongSpec{in_quotes(value) + " is no port number from 1 to 65535"};
    port.number = *number;
  }
  return port;
}

Assignment parse_assignment(std::string_view value) {
  const std::size_t equals = value.find('=');
  if (equals == std::string_view::npos || !is_variable(value.substr(0, equals))) {
    throw WrongSpec{in_quotes(value) + " is not VAR=value"};
  }
  return {std::string(value.substr(0, equals)), std::string(value.substr(equals + 1))};
}

Duration parse_wait(std::string_view value) {
  const auto wait = parse_seconds(value);
  if (!wait) throw WrongSpec{in_quotes(value) + " is no number of seconds"};
  return *wait;
}

StopStep parse_stop(std::string_view value) {
  const std::size_t space = value.find(' ');
  const auto signal = signal_number(value.substr(0, space));
  if (!signal) throw WrongSpec{in_quotes(value.substr(0, space)) + " is no signal"};
  if (space == std::string_view::npos) throw WrongSpec{in_quotes(value) + " has no seconds"};
  return {*signal, parse_wait(value.substr(space + 1))};
}

EndStatus parse_exit_code(std::string_view value) {
  if (const auto signal = signal_number(value)) return {true, *signal};
  if (const auto code = parse_integer<int>(value, 0, 255)) return {false, *code};
  throw WrongSpec{in_quotes(value) + " is no exit code from 0 to 255 and no signal"};
}

ReadySpec parse_ready(std::string_view value) {
  for (const ReadyRow& row : kReadyRows) {
    if (row.keyword == value) return {row.kind};
  }
  throw WrongSpec{in_quotes(value) + " is no readiness kind"};
}

ReadySpec& last_ready(Spec& spec) {
  if (spec.ready.empty()) throw WrongSpec{"stands before any 'ready'"};
  return spec.ready.back();
}

int parse_status(std::string_view value) {
  const auto status = parse_integer<int>(value, 100, 599);
  if (!status) throw WrongSpec{in_quotes(value) + " is no HTTP status from 100 to 599"};
  return *status;
}

int parse_times(std::string_view value) {
  const auto times = parse_integer<int>(value, 1, kMostTimes);
  if (!times) {
    throw WrongSpec{in_quotes(value) + " is no number from 1 to " + std::to_string(kMostTimes)};
  }
  return *times;
}

template <typename Value>
Value parse_word(std::string_view value, std::string_view first, Value if_first,
                 std::string_view second, Value if_second) {
  if (value == first) return if_first;
  if (value == second) return if_second;
  throw WrongSpec{in_quotes(value) + " is neither " + in_quotes(first) + " nor " +
                  in_quotes(second)};
}

void parse_coverage(Spec& spec, std::string_view value) {
  spec.language = find_language(value);
  spec.coverage = value != "off";
  if (value == "auto" || value == "off" || spec.language) return;
  throw WrongSpec{in_quotes(value) + " is none of 'auto', 'off', " + language_words()};
}

// Collects what a spec says of itself in lists that start with a default.
struct Reading {
  Spec spec;
  bool own_stop_plan = false;
};

using Text = std::string_view;

constexpr SpecField<Reading> kFields[] = {
    {"name",
     [](Reading& r, Text v) {
       if (!is_service_name(v)) throw WrongSpec{in_quotes(v) + " is no service name"};
       r.spec.name = v;
     }},
    {"state", [](Reading& r, Text v) { r.spec.state_dir = parse_absolute(v); }},
    {"command", [](Reading& r, Text v) { r.spec.command.emplace_back(v); }},
    {"shell", [](Reading& r, Text) { r.spec.shell = true; }},
    {"port", [](Reading& r, Text v) { r.spec.ports.push_back(parse_port(v)); }},
    {"listen", [](Reading& r, Text v) { r.spec.listens.push_back(parse_port(v)); }},
    {"ready", [](Reading& r, Text v) { r.spec.ready.push_back(parse_ready(v)); }},
    {"ready.arg", [](Reading& r, Text v) { last_ready(r.spec).args.emplace_back(v); }},
    {"ready.status",
     [](Reading& r, Text v) { last_ready(r.spec).statuses.push_back(parse_status(v)); }},
    {"ready.times", [](Reading& r, Text v) { last_ready(r.spec).times = parse_times(v); }},
    {"ready.foreign", [](Reading& r, Text) { last_ready(r.spec).foreign = true; }},
    {"start_timeout", [](Reading& r, Text v) { r.spec.start_timeout = parse_wait(v); }},
    {"stop",
     [](Reading& r, Text v) {
       if (!std::exchange(r.own_stop_plan, true)) r.spec.stop_plan.steps.clear();
       r.spec.stop_plan.steps.push_back(parse_stop(v));
     }},
    {"exit_code", [](Reading& r, Text v) { r.spec.end_rule.good.push_back(parse_exit_code(v)); }},
    {"depends", [](Reading& r, Text v) { r.spec.depends.push_back(parse_absolute(v)); }},
    {"environment", [](Reading& r, Text v) { r.spec.environment.push_back(parse_assignment(v)); }},
    {"working_directory", [](Reading& r, Text v) { r.spec.working_directory = v; }},
    {"export", [](Reading& r, Text v) { r.spec.exports.push_back(parse_assignment(v)); }},
    {"scope",
     [](Reading& r, Text v) {
       r.spec.scope = parse_word(v, "run", Scope::kRun, "test", Scope::kTest);
     }},
    {"coverage", [](Reading& r, Text v) { parse_coverage(r.spec, v); }},
};

// "TCP and HTTP"
std::string kinds_with(ReadyOptions option) {
  std::string text;
  for (const ReadyRow& row : kReadyRows) {
    if ((row.options & option) == 0) continue;
    text += (text.empty() ? "" : " and ") + std::string(row.keyword);
  }
  return text;
}

void check_ready(const Spec& spec, const ReadySpec& ready) {
  const ReadyRow& row = row_of(ready.kind);
  const std::string keyword(row.keyword);
  const bool none = row.arguments == kNone;
  if (none && !ready.args.empty()) throw WrongSpec{"ready " + keyword + " takes no argument"};
  if (!none && ready.args.empty()) throw WrongSpec{"ready " + keyword + " needs an argument"};
  if (row.arguments == kOne && ready.args.size() > 1) {
    throw WrongSpec{"ready " + keyword + " takes one argument"};
  }
  const auto check_option = [&](const char* name, bool given, ReadyOptions option) {
    if (!given || (row.options & option) != 0) return;
    throw WrongSpec{std::string("ready.") + name + " goes with ready " + kinds_with(option) +
                    ", not with ready " + keyword};
  };
  check_option("status", !ready.statuses.empty(), kStatus);
  check_option("times", ready.times != 1, kTimes);
  check_option("foreign", ready.foreign, kForeign);
  if (ready.kind != ReadyKind::kTcp) return;
  std::vector<std::string> known;
  for (const auto* list : {&spec.ports, &spec.listens}) {
    for (const PortSpec& port : *list) known.push_back(port.name);
  }
  for (const std::string& name : known) {
    if (name == ready.args[0]) return;
  }
  throw WrongSpec{"ready TCP names " + in_quotes(ready.args[0]) +
                  ", which is no port of the service"};
}

// Of several that the service chooses nobody could tell which is which. The one is waited for, even
// if READY speaks of other things only: nobody would know its number.
void check_any_port(Spec& spec) {
  for (const PortSpec& port : spec.listens) {
    if (port.any)
      throw WrongSpec{"port '" + port.name + "' is bound for the service: it cannot be ANY"};
  }
  const PortSpec* any = any_port(spec);
  if (any == nullptr) return;
  for (const PortSpec& port : spec.ports) {
    if (port.any && &port != any) throw WrongSpec{"two ports are ANY"};
  }
  bool waited_for = false;
  for (const ReadySpec& ready : spec.ready) {
    if (ready.foreign) throw WrongSpec{"ready.foreign does not go with a port that is ANY"};
    waited_for = waited_for || (ready.kind == ReadyKind::kTcp && ready.args.at(0) == any->name);
  }
  if (!waited_for) {
    spec.ready.insert(spec.ready.begin(),
                      {.kind = ReadyKind::kTcp, .args = {any->name}, .statuses = {}});
  }
}

// What can only be told when all lines are known.
void check_whole(Reading& reading) {
  Spec& spec = reading.spec;
  if (spec.name.empty()) throw WrongSpec{"'name' is missing"};
  if (spec.state_dir.empty()) throw WrongSpec{"'state' is missing"};
  if (spec.command.empty() || spec.command.front().empty()) throw WrongSpec{"'command' is missing"};
  if (spec.shell && spec.command.size() != 1) {
    throw WrongSpec{"'shell' goes with exactly one line of command"};
  }
  std::set<std::string> ports;
  for (const auto* list : {&spec.ports, &spec.listens}) {
    for (const PortSpec& port : *list) {
      if (!ports.insert(port.name).second) throw WrongSpec{"port '" + port.name + "' stands twice"};
    }
  }
  if (spec.ready.empty()) {
    if (ports.empty()) throw WrongSpec{"without a port it needs a 'ready' line"};
    const std::string& first = (spec.ports.empty() ? spec.listens : spec.ports).front().name;
    spec.ready.push_back({ReadyKind::kTcp, {first}});
  }
  for (const ReadySpec& ready : spec.ready) check_ready(spec, ready);
  check_any_port(spec);
}

}  // namespace

const PortSpec* any_port(const Spec& spec) {
  for (const PortSpec& port : spec.ports) {
    if (port.any) return &port;
  }
  return nullptr;
}

Error wrong_spec(const std::string& path, const std::string& cause) {
  return Error("read spec", path, cause)
      .hint("run cmake again; add_fixture_service writes this file when it configures");
}

std::string_view ready_keyword(ReadyKind kind) { return row_of(kind).keyword; }

bool is_asked_at_port(ReadyKind kind) { return (row_of(kind).options & kAtPort) != 0; }

Spec parse_spec(std::string_view text, const std::string& path) {
  Reading reading;
  try {
    read_spec_lines(text, kFirstLine, kFields, reading);
    check_whole(reading);
  } catch (const WrongSpec& wrong) {
    throw wrong_spec(path, wrong.cause);
  }
  return std::move(reading.spec);
}

}  // namespace gentle

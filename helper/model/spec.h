// What a service is: the file that the CMake functions write and `gentle start` reads.
//
// Text, one record a line: a key, and after one space its value, the raw rest of the line. Nothing
// is quoted or escaped, so every argument arrives as written; only a newline cannot be carried. The
// first line is `gentle-spec 1`, the last one `end`, which tells a whole file from a truncated one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/deadline.h"
#include "base/error.h"
#include "model/end_rule.h"
#include "model/language.h"
#include "model/ready_kinds.h"
#include "model/stop_plan.h"

namespace gentle {

struct PortSpec {
  std::string name;
  int number = 0;    // 0: a free one is chosen
  bool any = false;  // the service chooses it itself
};

#define GENTLE_ROW(name, ...) k##name,
enum class ReadyKind { GENTLE_READY_KINDS(GENTLE_ROW) };
#undef GENTLE_ROW

struct ReadySpec {
  ReadyKind kind;
  std::vector<std::string> args{};  // port, url, path, regex or command, by kind
  std::vector<int> statuses{};      // HTTP: accepted status codes; empty: 200 to 399
  int times = 1;                    // LOG: how many lines have to match
  bool foreign = false;             // TCP, HTTP: the listener may be of another process
};

// "TCP", as the CMake functions spell it.
std::string_view ready_keyword(ReadyKind kind);

// Whether its arguments may name the service's port, and it makes no sense before that is known.
bool is_asked_at_port(ReadyKind kind);

enum class Scope { kRun, kTest };

struct Assignment {
  std::string name;
  std::string value;
};

struct Spec {
  std::string name;
  std::string state_dir;
  std::vector<std::string> command;
  bool shell = false;
  std::vector<PortSpec> ports;
  std::vector<PortSpec> listens;
  std::vector<ReadySpec> ready;
  Duration start_timeout = std::chrono::seconds(30);
  StopPlan stop_plan;
  EndRule end_rule;
  std::vector<std::string> depends;  // paths of the specs of direct dependencies
  std::vector<Assignment> environment;
  std::string working_directory;
  std::vector<Assignment> exports;
  Scope scope = Scope::kRun;
  bool coverage = true;
  std::optional<Language> language = {};  // whose recorder its processes get
};

// Throws Error, which names `path` and the line, for whatever is not a whole and valid spec.
Spec parse_spec(std::string_view text, const std::string& path);

// The port that the service chooses itself, or nullptr.
const PortSpec* any_port(const Spec& spec);

// The Error for a spec that is of no use, whatever the cause.
Error wrong_spec(const std::string& path, const std::string& cause);

}  // namespace gentle

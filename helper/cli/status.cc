#include <sys/time.h>

#include <algorithm>

#include "base/deadline.h"
#include "cli/build_folder.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/subcommands.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle status [options] [<service>...]

Tells which services of a build folder run, since when, and at which address.

  --json         the same and more, for programs: an array of objects
  --build <dir>  the build folder [the current one, or the nearest above it]

states: starting, ready, stopping, stopped; died (ended by itself), lost (its
  supervisor is gone: the next start, or `gentle down`, cleans up)
)";

using Row = std::vector<std::string>;

std::string age(const State& state) {
  timeval now{};
  ::gettimeofday(&now, nullptr);
  const std::int64_t ms = static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_usec / 1000;
  return describe(std::chrono::milliseconds(std::max<std::int64_t>(ms - state.started_at, 0)));
}

Row row_of(const FoundService& service) {
  const State& state = service.state;
  const bool runs = service.supervised && state.phase != Phase::kStopped;
  const std::string coverage = describe(state.coverage);
  return {state.service,
          condition_of(service),
          runs && state.main.pid > 0 ? std::to_string(state.main.pid) : "-",
          runs ? age(state) : "-",
          runs && !state.address.empty() ? state.address : "-",
          coverage.empty() ? "-" : coverage,
          state.status.empty() ? state.message : state.status};
}

// For projects that collect none.
void drop_empty_coverage(std::vector<Row>& rows) {
  constexpr std::ptrdiff_t kColumn = 5;
  const auto empty = [](const Row& row) { return row[kColumn] == "-"; };
  if (!std::all_of(rows.begin() + 1, rows.end(), empty)) return;
  for (Row& row : rows) row.erase(row.begin() + kColumn);
}

std::string table(const std::vector<FoundService>& services) {
  std::vector<Row> rows = {{"SERVICE", "STATE", "PID", "SINCE", "ADDRESS", "COVERAGE", "MESSAGE"}};
  for (const FoundService& service : services) rows.push_back(row_of(service));
  drop_empty_coverage(rows);
  std::vector<std::size_t> widths(rows[0].size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string json(const std::vector<FoundService>& services) {
  std::vector<State> states;
  for (const FoundService& service : services) states.push_back(service.state);
  std::vector<std::string> conditions;
  for (const FoundService& service : services) conditions.push_back(condition_of(service));
  return to_json(states, conditions);
}

}  // namespace

int run_status(const Arguments& arguments) {
  bool as_json = false;
  std::string build;
  std::vector<std::string> names;
  Options options("status", kHelp);
  options.flag("--json", as_json);
  options.option("--build", build);
  options.rest(names);
  options.parse(arguments);
  const auto services = find_services(find_build_folder(build), names);
  print(stdout, as_json ? json(services) : table(services));
  return 0;
}

}  // namespace gentle

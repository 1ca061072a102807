#include <sys/time.h>

#include <algorithm>
#include <ctime>
#include <string_view>
#include <utility>

#include "base/deadline.h"
#include "cli/build_folder.h"
#include "cli/declared_services.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "coverage/fold/data_folders.h"
#include "coverage/keep/coverage_paths.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle status [options] [<service>...]

Prints which services of a build folder run, since when, and at which address;
of the others how their last run ended, when, and why.

  --json         the same and more, for programs: an array of objects
  --build <dir>  the build folder [the current one, or the nearest above it]

states: starting, ready, stopping
  stopped      it was asked to, and ended well
  failed       it ended before it was ready, or its stop was not good
  crashed      by SIGSEGV, SIGABRT or the like
  not-ready    its start timed out, or a condition of READY can never hold
  died         it ended by itself after it was ready
  interrupted  its ctest is gone (killed, Ctrl-C) and had not stopped it
  lost         its supervisor is gone; the next start or down cleans up

Below, what the coverage data takes that is not in a report yet.
)";

// So wide is a terminal, and a page of a CI's log.
constexpr std::size_t kWidth = 100;
constexpr std::size_t kLongestName = 28;
constexpr std::size_t kLongestCoverage = 24;
// A message stands beside the table if there is so much room, else below its row.
constexpr std::size_t kNarrowest = 30;
constexpr std::size_t kIndent = 4;

using Row = std::vector<std::string>;

struct Entry {
  Row row;
  std::string message;
};

std::int64_t wall_clock_ms() {
  timeval now{};
  ::gettimeofday(&now, nullptr);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_usec / 1000;
}

// "14:03:12 (5 min ago)", or the day if that was another one.
std::string moment(std::int64_t then_ms, std::int64_t now_ms) {
  if (then_ms <= 0) return "-";
  const std::time_t then = then_ms / 1000;
  const std::int64_t s = std::max<std::int64_t>(now_ms - then_ms, 0) / 1000;
  const std::string ago = s < 60      ? std::to_string(s) + " s"
                          : s < 3600  ? std::to_string(s / 60) + " min"
                          : s < 86400 ? std::to_string(s / 3600) + " h"
                                      : std::to_string(s / 86400) + " d";
  char text[32] = "";
  std::strftime(text, sizeof text, s < 86400 ? "%T" : "%F", std::localtime(&then));
  return text + (" (" + ago + " ago)");
}

// In characters; a terminal shows UTF-8.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// The first `width` characters of the text, as bytes.
std::size_t bytes_of(std::string_view text, std::size_t width) {
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && width-- == 0) break;
  }
  return i;
}

// Broken at spaces; a word that is too long by itself anywhere.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (width_of(text) > width) {
    const std::size_t most = bytes_of(text, width);
    const std::size_t space = text.rfind(' ', most);
    const bool breaks = space != std::string_view::npos && space > 0;
    lines.emplace_back(text.substr(0, breaks ? space : most));
    text.remove_prefix(breaks ? space + 1 : most);
  }
  lines.emplace_back(text);
  return lines;
}

// A name that the whole of is in --json.
std::string shortened(const std::string& name) {
  if (name.size() <= kLongestName) return name;
  constexpr std::size_t kEnd = 8;
  return name.substr(0, kLongestName - 3 - kEnd) + "..." + name.substr(name.size() - kEnd);
}

Entry entry_of(const FoundService& service, std::int64_t now) {
  const State& state = service.state;
  const bool is_over = state.phase == Phase::kStopped;
  const bool runs = service.supervised && !is_over && state.phase != Phase::kDied;
  std::string coverage = describe(state.coverage);
  // What it says of itself counts while it runs; then, how it ended.
  std::string message = runs && !state.status.empty() ? state.status : state.message;
  if (width_of(coverage) > kLongestCoverage) {
    const std::string text = "coverage of " + std::exchange(coverage, "");
    // How it was stopped may tell that already.
    if (message.find(text) == std::string::npos) message += (message.empty() ? "" : "; ") + text;
  }
  const Duration age = std::chrono::milliseconds(std::max<std::int64_t>(now - state.started_at, 0));
  return {{shortened(state.service), condition_of(service),
           runs && state.main.pid > 0 ? std::to_string(state.main.pid) : "-",
           runs ? describe(age) : moment(state.ended_at, now),
           runs && !state.address.empty() ? state.address : "-", coverage.empty() ? "-" : coverage},
          message};
}

// For projects that collect none.
void drop_empty_coverage(std::vector<Entry>& entries) {
  constexpr std::ptrdiff_t kColumn = 5;
  const auto empty = [](const Entry& entry) { return entry.row[kColumn] == "-"; };
  if (!std::all_of(entries.begin() + 1, entries.end(), empty)) return;
  for (Entry& entry : entries) entry.row.erase(entry.row.begin() + kColumn);
}

std::string without_end(const std::string& line) {
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

std::string table(const std::vector<FoundService>& services) {
  std::vector<Entry> entries = {
      {{"SERVICE", "STATE", "PID", "SINCE", "ADDRESS", "COVERAGE"}, "MESSAGE"}};
  const std::int64_t now = wall_clock_ms();
  for (const FoundService& service : services) entries.push_back(entry_of(service, now));
  drop_empty_coverage(entries);
  std::vector<std::size_t> widths(entries[0].row.size());
  for (const Entry& entry : entries) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(entry.row[i]));
    }
  }
  std::size_t start = 0;
  for (const std::size_t width : widths) start += width + 2;
  std::string text;
  for (const Entry& entry : entries) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      line += entry.row[i] + std::string(widths[i] - width_of(entry.row[i]) + 2, ' ');
    }
    const bool beside = start + std::min(kNarrowest, width_of(entry.message)) <= kWidth;
    const std::size_t indent = beside ? start : kIndent;
    std::vector<std::string> lines = wrapped(entry.message, kWidth - indent);
    if (beside) {
      line += lines.front();
      lines.erase(lines.begin());
    }
    text += without_end(line);
    for (const std::string& more : lines) {
      if (!more.empty()) text += std::string(indent, ' ') + more + "\n";
    }
  }
  return text;
}

// "" if there is none.
std::string coverage_use(const std::string& build_folder) {
  const DataUse use = data_use(coverage_folder(build_folder));
  if (use.files == 0) return "";
  constexpr unsigned long long kKiB = 1 << 10;
  constexpr unsigned long long kMiB = 1 << 20;
  const std::string size = use.bytes < kMiB ? std::to_string(use.bytes / kKiB) + " KiB"
                                            : std::to_string(use.bytes / kMiB) + " MiB";
  return "coverage data of processes: " + size + ", " + std::to_string(use.files) +
         (use.files == 1 ? " file\n" : " files\n");
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
  const std::string folder = find_build_folder(build);
  const auto found = find_services(folder, service_names(names));
  print(stdout, as_json ? json(found.services) : table(found.services));
  if (!as_json && names.empty()) print(stdout, coverage_use(folder));
  return found.worst;
}

}  // namespace gentle

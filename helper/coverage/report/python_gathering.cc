#include "coverage/report/python_gathering.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/exit_code.h"
#include "base/number.h"
#include "coverage/languages/hits.h"
#include "coverage/languages/python_recorder.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/source_choice.h"
#include "os/data_file.h"
#include "os/file.h"
#include "os/tool.h"

namespace gentle {
namespace {

// The script's words for it.
constexpr int kNoCoveragePy = 3;
constexpr int kNoPlugin = 4;

using ExecutedSources = std::map<std::string, SourceLines>;

// By the version that has executed them, the newest first, but for its last number: 3.9 may have
// other statements in a source than 3.13.
using SourcesByVersion = std::map<InterpreterVersion, ExecutedSources, std::greater<>>;

InterpreterVersion without_last_number(const InterpreterVersion& version) {
  return {version.begin(), version.begin() + std::min<std::ptrdiff_t>(2, std::ssize(version))};
}

SourcesByVersion by_version(const ExecutedSources& counted) {
  SourcesByVersion groups;
  ExecutedSources not_executed;
  for (const auto& [path, lines] : counted) {
    ExecutedSources& group =
        lines.version.empty() ? not_executed : groups[without_last_number(lines.version)];
    group[path] = lines;
  }
  // One question is asked in any case: the configuration may name files that nobody has loaded.
  if (groups.empty()) groups[{}];
  groups.begin()->second.merge(not_executed);
  return groups;
}

// Those of that version come first, then the newest.
std::vector<std::string> candidates(const InterpreterVersion& version,
                                    const RecordedLines& recorded, const Environment& environment) {
  std::vector<std::string> programs;
  std::vector<std::string> others;
  for (const Interpreter& interpreter : recorded.interpreters) {
    const bool is_same = without_last_number(interpreter.version) == version;
    (is_same ? programs : others).push_back(interpreter.program);
  }
  programs.insert(programs.end(), others.begin(), others.end());
  const std::string in_path = find_program("python3", environment.get("PATH"));
  const bool is_known = std::find(programs.begin(), programs.end(), in_path) != programs.end();
  if (!in_path.empty() && !is_known) programs.push_back(in_path);
  return programs;
}

Error no_coverage_py(const std::vector<std::string>& programs) {
  std::string tried;
  for (const std::string& program : programs) tried += (tried.empty() ? "" : ", ") + program;
  return Error("report coverage of Python", tried, "it has no coverage.py, version 5 or newer")
      .hint("pip install coverage, or apt-get install python3-coverage")
      .exit_code(kExitFailed);
}

// A program that coverage.py's configuration is not whole for, and what it says.
struct LackOfPlugin {
  std::string python;
  std::string cause;

  Error error() const {
    return Error("ask coverage.py", python, cause)
        .hint("install for it what `plugins` of coverage.py's configuration names")
        .exit_code(kExitFailed);
  }

  // An older one may not read a source at all, which is told, or see other statements in it.
  std::string warning(const std::string& other) const {
    return "gentle: warning: ask coverage.py '" + python + "': " + cause + "; " + other +
           " counts in its place, continuing";
  }
};

LackOfPlugin lack_of_plugin(const std::string& python, const std::string& log) {
  std::string cause = "it lacks a plugin";
  for (const std::string& line : last_lines(log, 1)) cause += ": " + line;
  return {python, cause};
}

// As the script describes it.
std::string question(const ExecutedSources& counted, bool has_arcs) {
  std::string input = has_arcs ? "A" : "L";
  input += '\0';
  for (const auto& [path, lines] : counted) {
    input += path + '\0';
    for (const std::uint32_t line : lines.executed) input += std::to_string(line) + " ";
    input += '\0';
    for (const HitArc& arc : lines.arcs) {
      input += std::to_string(arc.from) + " " + std::to_string(arc.to) + " ";
    }
    input += '\0';
  }
  return input;
}

// What coverage.py says of these lines: the fields that the script describes.
std::string ask_coverage_py(const std::string& input, const std::vector<std::string>& programs,
                            const CoverageSpec& spec, const WorkFiles& work,
                            const Environment& environment, std::vector<std::string>& warnings) {
  const std::string folder = work.folder + "/python";
  remove_tree(folder);
  make_folders(folder, 0777);
  const std::string script = folder + "/gentle_python_report.py";
  write_file_atomically(script, python_report_script());
  write_file_atomically(folder + "/input", input);
  const std::string output = folder + "/output";
  const std::string log = folder + "/log";
  const bool has_limit = spec.fail_under_line || spec.fail_under_branch;
  std::optional<LackOfPlugin> no_plugin;
  for (const std::string& python : programs) {
    if (!file_exists(python)) continue;
    const ToolEnd end = run_tool(
        {{python, "-B", script, folder + "/input", output, folder, has_limit ? "limited" : ""},
         environment,
         path_without_links(spec.root),
         log});
    if (end.end == EndStatus{false, kNoCoveragePy}) continue;
    if (end.end == EndStatus{}) {
      if (no_plugin) warnings.push_back(no_plugin->warning(python));
      return read_data_file(output);
    }
    if (end.end == EndStatus{false, kNoPlugin}) {  // each interpreter has packages of its own
      if (!no_plugin) no_plugin = lack_of_plugin(python, log);
      continue;
    }
    throw Error("ask coverage.py", python, "it ended with " + describe(end.end))
        .notes(last_lines(log, 5))
        .hint("what it printed is in " + log)
        .exit_code(kExitFailed);
  }
  if (no_plugin) throw no_plugin->error();
  throw no_coverage_py(programs);
}

// Takes fields off the script's answer.
class Fields {
 public:
  explicit Fields(std::string_view text) : text_(text) {}

  static Error wrong() {
    return Error("ask coverage.py", "", "its answer is cut off").exit_code(kExitFailed);
  }

  bool none_left() const { return text_.empty(); }

  std::string take() {
    const std::size_t end = text_.find('\0');
    if (end == std::string_view::npos) throw wrong();
    std::string field(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return field;
  }

  std::vector<std::uint32_t> take_numbers() {
    const std::string field = take();
    std::string_view rest = field;
    std::vector<std::uint32_t> numbers;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      const auto number = parse_integer<std::uint32_t>(rest.substr(0, end), 0, UINT32_MAX);
      if (!number) throw wrong();
      numbers.push_back(*number);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return numbers;
  }

 private:
  std::string_view text_;
};

// For each its line, the number of ways on from it, and for each way whether it was taken.
void read_ways(std::span<const std::uint32_t> numbers, TableSource& source) {
  while (!numbers.empty()) {
    if (numbers.size() < 2 || numbers[1] > numbers.size() - 2) throw Fields::wrong();
    std::vector<bool> taken;
    for (const std::uint32_t way : numbers.subspan(2, numbers[1])) taken.push_back(way != 0);
    add_branch(source.lines[numbers[0]], taken);
    numbers = numbers.subspan(2 + taken.size());
  }
}

TableSource read_counts(Fields& fields) {
  TableSource source;
  for (const std::uint32_t line : fields.take_numbers()) source.lines[line].count = 1;
  for (const std::uint32_t line : fields.take_numbers()) source.lines[line];
  for (const std::uint32_t line : fields.take_numbers()) source.lines[line].is_excluded = true;
  read_ways(fields.take_numbers(), source);
  source.lines.erase(0);
  return source;
}

void tell_no_branches(const std::string& cause, const CoverageSpec& spec, RecordedTable& gathered) {
  if (spec.fail_under_branch) {
    gathered.failures.push_back(Error("report branches of Python", "", cause)
                                    .hint("so FAIL_UNDER_BRANCH cannot be judged")
                                    .exit_code(kExitFailed));
  } else {
    gathered.warnings.push_back("gentle: warning: report branches of Python: " + cause +
                                ", continuing");
  }
}

// Of one group. What the configuration names beside what was executed is in each answer: it is
// taken from the first.
void add_answer(const std::string& answer, const SourcesByVersion& groups,
                const ExecutedSources& asked, const CoverageSpec& spec, RecordedTable& gathered) {
  const bool is_first = &asked == &groups.begin()->second;
  const auto is_ours = [&](const std::string& path) {
    if (asked.contains(path)) return true;
    return is_first && std::none_of(groups.begin(), groups.end(),
                                    [&](const auto& group) { return group.second.contains(path); });
  };
  Fields fields(answer);
  while (!fields.none_left()) {
    const std::string kind = fields.take();
    const std::string path = fields.take();  // of a "B", the text
    if (kind == "B") {
      if (!is_first) continue;
      tell_no_branches(path, spec, gathered);
    } else if (kind == "F") {
      const TableSource source = read_counts(fields);
      if (is_ours(path)) gathered.table.sources()[path] = source;
    } else {
      const std::string problem = fields.take();
      if (!is_ours(path)) continue;
      gathered.warnings.push_back(line_warning(Language::kPython, path, problem));
    }
  }
}

// Those of files that coverage.py has added by itself, too.
void keep_counted(const CoverageSpec& spec, const WorkFiles& work, const Environment& environment,
                  RecordedTable& gathered) {
  std::vector<std::string> paths;
  for (const auto& [path, source] : gathered.table.sources()) paths.push_back(path);
  for (const auto& [path, fate] :
       choose_sources(spec, path_without_links(spec.root), paths, work, environment)) {
    if (fate == SourceFate::kCounted) continue;
    gathered.absent[path] = fate;
    gathered.table.sources().erase(path);
  }
}

// Archives of sources, be they in the build folder: who has made one wants to know it.
void add_archive_warnings(const RecordedLines& recorded, RecordedTable& gathered) {
  for (const auto& [path, reason] : recorded.uncounted) {
    gathered.warnings.push_back(line_warning(Language::kPython, path,
                                             "it is an archive, and the sources in it do not "
                                             "count: run them from their folder"));
  }
}

}  // namespace

RecordedTable gather_python(const std::vector<std::string>& hits, const CoverageSpec& spec,
                            const WorkFiles& work, const Environment& environment) {
  RecordedTable gathered;
  if (std::none_of(hits.begin(), hits.end(), [](const std::string& path) {
        return language_of_hits(path) == Language::kPython;
      })) {
    return gathered;
  }
  RecordedLines recorded = read_recorded_lines(Language::kPython, hits);
  gathered.warnings = recorded.warnings;
  add_archive_warnings(recorded, gathered);
  try {
    const SourcesByVersion groups = by_version(
        choose_recorded_lines(Language::kPython, recorded, spec, work, environment, gathered));
    for (const auto& [version, asked] : groups) {
      const std::string answer = ask_coverage_py(question(asked, recorded.has_all_arcs),
                                                 candidates(version, recorded, environment), spec,
                                                 work, environment, gathered.warnings);
      add_answer(answer, groups, asked, spec, gathered);
    }
    keep_counted(spec, work, environment, gathered);
  } catch (const Error& error) {
    gathered.failures.push_back(error);
  }
  for (std::string& line : missing_warnings(gathered.absent)) {
    gathered.warnings.push_back(std::move(line));
  }
  return gathered;
}

}  // namespace gentle

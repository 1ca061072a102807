#include "coverage/report/python_gathering.h"

#include <algorithm>
#include <map>
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

constexpr int kNoCoveragePy = 3;  // the script's word for it

std::vector<std::string> candidates(const RecordedLines& recorded, const Environment& environment) {
  std::vector<std::string> programs;
  for (const Interpreter& interpreter : recorded.interpreters) {
    programs.push_back(interpreter.program);
  }
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

// As the script describes it.
std::string question(const std::map<std::string, SourceLines>& counted, bool has_arcs) {
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
                            const Environment& environment) {
  const std::string folder = work.folder + "/python";
  remove_tree(folder);
  make_folders(folder, 0777);
  const std::string script = folder + "/gentle_python_report.py";
  write_file_atomically(script, python_report_script());
  write_file_atomically(folder + "/input", input);
  const std::string output = folder + "/output";
  const std::string log = folder + "/log";
  const bool has_limit = spec.fail_under_line || spec.fail_under_branch;
  for (const std::string& python : programs) {
    if (!file_exists(python)) continue;
    const ToolEnd end = run_tool(
        {{python, "-B", script, folder + "/input", output, folder, has_limit ? "limited" : ""},
         environment,
         path_without_links(spec.root),
         log});
    if (end.end == EndStatus{false, kNoCoveragePy}) continue;
    if (end.end == EndStatus{}) return read_data_file(output);
    throw Error("ask coverage.py", python, "it ended with " + describe(end.end))
        .notes(last_lines(log, 5))
        .hint("what it printed is in " + log)
        .exit_code(kExitFailed);
  }
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

void add_answer(const std::string& answer, RecordedTable& gathered) {
  Fields fields(answer);
  while (!fields.none_left()) {
    const std::string kind = fields.take();
    if (kind == "B") {
      gathered.warnings.push_back("gentle: warning: report branches of Python: " + fields.take() +
                                  ", continuing");
      continue;
    }
    const std::string path = fields.take();
    if (kind == "F") {
      gathered.table.sources()[path] = read_counts(fields);
    } else {
      gathered.warnings.push_back(line_warning(Language::kPython, path, fields.take()));
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
  try {
    const auto counted =
        choose_recorded_lines(Language::kPython, recorded, spec, work, environment, gathered);
    const std::string input = question(counted, recorded.has_all_arcs);
    add_answer(ask_coverage_py(input, candidates(recorded, environment), spec, work, environment),
               gathered);
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

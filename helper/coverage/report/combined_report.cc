#include "coverage/report/combined_report.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/content_hash.h"
#include "base/exit_code.h"
#include "coverage/combine/run_record.h"
#include "coverage/combine/tracefile_table.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/count_rules.h"
#include "coverage/report/report_folder.h"
#include "coverage/report/run_recording.h"
#include "coverage/report/summary_table.h"
#include "coverage/report/table_reports.h"
#include "model/report_format.h"
#include "os/data_file.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::size_t kLargestInput = std::size_t{4} << 30U;
constexpr std::size_t kMostNamed = 10;

std::string warning(const std::string& operation, const std::string& object,
                    const std::string& what) {
  return "gentle: warning: " + operation + " '" + object + "': " + what + ", continuing";
}

void append_bounded(std::vector<std::string>& warnings, const std::vector<std::string>& more) {
  const std::size_t shown = std::min(more.size(), kMostNamed);
  warnings.insert(warnings.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(shown));
  if (more.size() == shown) return;
  warnings.push_back("gentle: warning: " + std::to_string(more.size() - shown) +
                     " more such files, continuing");
}

// The file to read of a folder of reports.
std::string file_of(const std::string& input) {
  if (!file_exists(input)) {
    throw Error("read coverage", input, "there is no such file or folder")
        .hint("each part of the run has to bring its report, also if its tests have failed")
        .exit_code(kExitFailed);
  }
  if (!is_folder(input)) return input;
  for (const std::string_view name :
       {std::string_view(kRunFile), find_report_format("json")->file}) {
    const std::string file = input + "/" + std::string(name);
    if (is_regular_file(file)) return file;
  }
  throw Error("read coverage", input, "the folder holds no report that can be combined")
      .hint("name the folder that add_fixture_coverage writes, build/coverage as a rule")
      .exit_code(kExitFailed);
}

// Everything that the inputs tell.
class Inputs {
 public:
  explicit Inputs(std::vector<std::string>& warnings) : warnings_(warnings) {}

  void read(const std::string& input) {
    const std::string path = file_of(input);
    for (const std::string& known : paths_) {
      if (is_same_file(known, path)) throw twice(input, "it is the same file as '" + known + "'");
    }
    paths_.push_back(path);
    const std::string text = read_data_file(path, kLargestInput);
    if (is_run_record(text)) {
      add_record(read_run_record(text, path), path);
      return;
    }
    const auto [same, is_new] = tracefiles_.try_emplace(content_hash(text), path);
    if (!is_new) {
      warnings_.push_back(warning("read tracefile", path,
                                  "it is equal to '" + same->second + "', and counts as well"));
    }
    add_tracefile(read_tracefile(text, path), path);
  }

  const std::optional<RunRecord>& run() const { return run_; }
  bool has_tracefiles() const { return !tracefiles_.empty(); }
  const CoverageTable& tracefiles() const { return table_; }
  std::size_t runs() const { return tracefiles_.size() + (run_ ? run_->runs.size() : 0); }

 private:
  static Error twice(const std::string& input, const std::string& cause) {
    return Error("read coverage", input, cause)
        .hint("name each report once")
        .exit_code(kExitFailed);
  }

  static std::string list(const std::set<std::string>& names) {
    std::string text;
    std::size_t named = 0;
    for (const std::string& name : names) {
      if (named++ == kMostNamed) break;
      text += (text.empty() ? "'" : ", '") + name + "'";
    }
    const std::size_t more = names.size() - std::min(names.size(), kMostNamed);
    return more == 0 ? text : text + " and of " + std::to_string(more) + " more";
  }

  // The sum would lack them without a word.
  static Error lacking(const RunRecord& record, const std::string& path) {
    return Error(
               "combine coverage", path,
               "it lacks counts of " + list(record.lacking) +
                   ": a gcov has counted them, or they do not add up (a decision of Clang's MC/DC "
                   "whose paths are not known, a Java class that is too large or has the name of "
                   "another)")
        .hint(
            "add json to FORMATS of add_fixture_coverage, and name coverage.json of each report "
            "in place of its folder")
        .exit_code(kExitFailed);
  }

  void add_record(RunRecord record, const std::string& path) {
    if (!record.lacking.empty()) throw lacking(record, path);
    if (run_) {
      run_->add(record, path);
    } else {
      run_ = std::move(record);
    }
    const std::set<std::string> in_part = run_->counted_in_part();
    if (in_part.empty()) return;
    throw Error("combine coverage", path,
                "it and the reports before it have counts of " + list(in_part) +
                    ", but not all of them: some could not count it")
        .hint("the report of that part has a warning, which says why")
        .exit_code(kExitFailed);
  }

  // Parts of one run have the same lines: their compilers have written them.
  void add_tracefile(const CoverageTable& table, const std::string& path) {
    std::vector<std::string> changed;
    for (const auto& [name, source] : table.sources()) {
      const auto known = table_.sources().find(name);
      if (known == table_.sources().end() || has_lines_of(known->second, source)) continue;
      changed.push_back(warning("read tracefile", path,
                                "it counts other lines of '" + name +
                                    "' than those before it, as if the source was changed"));
    }
    append_bounded(warnings_, changed);
    table_.add(table);
    for (const auto& [name, source] : table.sources()) {
      for (const auto& [number, line] : source.lines) {
        if (line.is_excluded) table_.sources()[name].lines[number].is_excluded = true;
      }
    }
  }

  static bool has_lines_of(const TableSource& one, const TableSource& other) {
    return std::equal(one.lines.begin(), one.lines.end(), other.lines.begin(), other.lines.end(),
                      [](const auto& a, const auto& b) { return a.first == b.first; });
  }

  std::vector<std::string>& warnings_;
  std::vector<std::string> paths_;
  std::optional<RunRecord> run_;
  std::map<std::uint64_t, std::string> tracefiles_;  // by what they hold
  CoverageTable table_;
};

void check_inputs(const CombineRequest& request, const Inputs& inputs) {
  if (request.parts == 0 || inputs.runs() == static_cast<std::size_t>(request.parts)) return;
  throw Error("combine coverage", "",
              "there are the counts of " + std::to_string(inputs.runs()) +
                  " runs, but --parts asks "
                  "for " +
                  std::to_string(request.parts))
      .hint("see which part of the run has left no report")
      .exit_code(kExitFailed);
}

// An input is removed by nobody, and nothing else either.
void check_output(const CombineRequest& request) {
  for (const std::string& input : request.inputs) {
    const bool is_in_it =
        path_without_links(input).starts_with(path_without_links(request.output) + "/");
    if (!is_in_it && !is_same_file(input, request.output)) continue;
    throw Error("write reports to", request.output, "'" + input + "' would be removed")
        .hint("choose another folder by --output")
        .exit_code(kExitFailed);
  }
  if (!file_exists(request.output) || is_report_folder(request.output)) return;
  if (is_folder(request.output) && entries_of(request.output).empty()) return;
  throw Error("write reports to", request.output, "it holds something else than reports")
      .hint("choose another folder by --output")
      .exit_code(kExitFailed);
}

std::string path_below(const std::string& root, const std::string& name) {
  return name.starts_with('/') ? name : root + "/" + name;
}

// By the paths of this checkout.
CoverageTable count_all(const Inputs& inputs, const std::string& root,
                        std::vector<std::string>& warnings) {
  CoverageTable table;
  const auto take = [&](const CoverageTable& more) {
    CoverageTable named;
    for (const auto& [name, source] : more.sources()) {
      named.sources()[path_below(root, name)] = source;
    }
    table.add(named);
    for (const auto& [path, source] : named.sources()) {
      for (const auto& [number, line] : source.lines) {
        if (line.is_excluded) table.sources()[path].lines[number].is_excluded = true;
      }
    }
  };
  if (inputs.run()) {
    CoverageTable counted = inputs.run()->count();
    for (auto& [name, source] : counted.sources()) {
      if (const auto known = inputs.run()->sources.find(name);
          known != inputs.run()->sources.end()) {
        exclude(source, known->second.excluded, known->second.excluded_branches);
      }
      look_for_odd_counts(name, source, warnings);
    }
    take(counted);
  }
  take(inputs.tracefiles());
  name_functions(table);
  return table;
}

// The page shows the sources of this checkout.
std::vector<std::string> changed_sources(const std::optional<RunRecord>& run,
                                         const std::string& root) {
  std::vector<std::string> warnings;
  if (!run) return warnings;
  for (const auto& [name, source] : run->sources) {
    const std::string path = path_below(root, name);
    const auto text = read_file_if_there(path);
    if (text && content_hash(*text) == source.hash) continue;
    warnings.push_back(warning("read source", path,
                               text ? "it differs from the one that was counted, so its counts may "
                                      "stand at the wrong lines"
                                    : "it is not there; --root names the checkout"));
  }
  return warnings;
}

CoverageSpec spec_of(const CombineRequest& request, const Inputs& inputs) {
  CoverageSpec spec;
  spec.source_dir = spec.root = request.root;
  spec.output_dir = request.output;
  spec.formats = request.formats;
  spec.fail_under_line = request.fail_under_line;
  spec.fail_under_branch = request.fail_under_branch;
  if (inputs.run()) {
    spec.title = inputs.run()->title;
    spec.throw_branches = inputs.run()->throw_branches;
    if (spec.formats.empty()) spec.formats = inputs.run()->formats;
    std::erase_if(spec.formats,
                  [](const std::string& name) { return find_report_format(name) == nullptr; });
    return spec;
  }
  // Whoever wrote them has chosen which branches are in them.
  spec.throw_branches = true;
  if (spec.formats.empty()) spec.formats = {"html", "json"};
  return spec;
}

// Tracefiles do not hold what a record needs: it would claim to be of all runs.
void write_record(const CoverageSpec& spec, const Inputs& inputs, CoverageReport& report) {
  if (inputs.has_tracefiles()) return;
  if (auto failure = write_run_record(spec, *inputs.run())) {
    report.failures.push_back(*std::move(failure));
  }
}

std::string missing_record(const CombineRequest& request) {
  return warning("combine coverage", request.inputs.front(),
                 "of tracefiles the counts are added; which blocks were not executed is not known "
                 "of them (a report of gentle holds coverage.run, for an exact one)");
}

}  // namespace

CoverageReport combine_reports(const CombineRequest& request, const Environment& environment) {
  CoverageReport report;
  Inputs inputs(report.warnings);
  check_output(request);
  for (const std::string& input : request.inputs) inputs.read(input);
  check_inputs(request, inputs);
  CoverageSpec spec = spec_of(request, inputs);
  const WorkFiles work(spec.output_dir + "/.combine.spec");
  const AskedGcovr gcovr(spec, work, environment);
  const std::string root = path_without_links(request.root);
  const CoverageTable table = count_all(inputs, root, report.warnings);
  if (table.sources().empty()) {
    throw Error("combine coverage", request.inputs.front(), "no source file is in it")
        .exit_code(kExitFailed);
  }
  if (inputs.has_tracefiles()) report.warnings.push_back(missing_record(request));
  append_bounded(report.warnings, changed_sources(inputs.run(), root));
  remove_reports(spec);
  make_report_folder(spec);
  make_work_folder(work);
  write_record(spec, inputs, report);
  TableReports reports = write_table_reports(spec, work, table, gcovr, environment);
  if (reports.failures.empty()) remove_tree(work.folder);
  report.failures.insert(report.failures.end(), reports.failures.begin(), reports.failures.end());
  report.text = report_text(spec, reports.summary);
  write_public_file(spec.output_dir + "/summary.txt", report.text);
  for (const std::string& cause : unreached_limits(spec, reports.summary)) {
    report.failures.push_back(Error("reach coverage", "", cause).exit_code(kExitFailed));
  }
  return report;
}

}  // namespace gentle

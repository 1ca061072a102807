#include "coverage/report/coverage_step.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/exit_code.h"
#include "base/shown_lines.h"
#include "coverage/gcov/gcda_reader.h"
#include "coverage/gcov/gcno.h"
#include "coverage/keep/coverage_paths.h"
#include "coverage/languages/go_files.h"
#include "coverage/languages/java_recorder.h"
#include "coverage/merge/merged_data.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/absent_sources.h"
#include "coverage/report/asked_gcov.h"
#include "coverage/report/asked_gcovr.h"
#include "coverage/report/compiled_objects.h"
#include "coverage/report/ctest_listing.h"
#include "coverage/report/filters.h"
#include "coverage/report/gcovr.h"
#include "coverage/report/gcovr_reports.h"
#include "coverage/report/go_gathering.h"
#include "coverage/report/java_gathering.h"
#include "coverage/report/java_sources.h"
#include "coverage/report/llvm_gathering.h"
#include "coverage/report/llvm_profdata.h"
#include "coverage/report/lost_notes.h"
#include "coverage/report/native_reports.h"
#include "coverage/report/node_gathering.h"
#include "coverage/report/other_builds.h"
#include "coverage/report/python_gathering.h"
#include "coverage/report/report_folder.h"
#include "coverage/report/run_recording.h"
#include "coverage/report/source_choice.h"
#include "coverage/report/source_names.h"
#include "coverage/report/summary_table.h"
#include "coverage/report/table_reports.h"
#include "coverage/report/uncounted_headers.h"
#include "coverage/report/uncounted_processes.h"
#include "os/file.h"
#include "os/tool.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

template <typename T>
void append(std::vector<T>& all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

std::string lines_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

void remove_file(const std::string& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) throw errno_error("remove", path, error.value());
}

// Why gcov would stumble over it; "" if it can be counted.
std::string why_not_counted(const std::string& data) {
  if (!file_exists(notes_of(data))) return "there is no .gcno beside it";
  try {
    const auto notes = header_of_notes(notes_of(data));
    switch (notes ? check_data(read_data(data), *notes) : DataFault::kForeign) {
      case DataFault::kTruncated:
        return kGcdaTruncated;
      case DataFault::kForeign:
        return "it does not belong to the object file beside it";
      case DataFault::kNone:
        break;
    }
  } catch (const Error& error) {
    return error.cause();
  }
  return "";
}

// Takes the files out of the count that gcov would stumble over, one warning each. The rest is
// whole.
std::vector<std::string> set_bad_data_aside(ObjectFiles& files) {
  std::vector<std::string> warnings;
  std::erase_if(files.data, [&](const std::string& data) {
    const std::string cause = why_not_counted(data);
    if (!cause.empty()) warnings.push_back(set_data_aside(data, data, cause));
    return !cause.empty();
  });
  return warnings;
}

void check_filters(const CoverageSpec& spec, const Environment& environment) {
  std::vector<Filter> filters;
  for (const std::string& regex : spec.filters) filters.push_back({"FILTER", regex});
  for (const std::string& regex : spec.excludes) filters.push_back({"EXCLUDE", regex});
  const auto wrong = find_wrong_filter(filters, spec.gcovr, environment);
  if (!wrong) return;
  throw Error("read " + wrong->filter.keyword, wrong->filter.regex, wrong->cause)
      .hint("correct it in add_fixture_coverage, and run cmake again")
      .exit_code(kExitFailed);
}

// The user's settings for other uses of gcov must not move or rename what is read here.
Environment tool_environment(Environment environment) {
  for (const char* name : {"GCOV", "GCOV_PREFIX", "GCOV_PREFIX_STRIP", "LLVM_PROFILE_FILE"}) {
    environment.unset(name);
  }
  return environment;
}

// "3 instrumented object files"; of clang's source-based coverage alone it is programs that are
// known.
std::string instrumented_text(const CoverageSpec& spec, const ObjectFiles& files) {
  if (!files.notes.empty())
    return std::to_string(files.notes.size()) + " instrumented object files";
  return std::to_string(spec.instrumented_files.size()) + " instrumented programs and libraries";
}

void check_there_is_data(const CoverageSpec& spec, const ObjectFiles& files,
                         const MergedData& merged, const std::vector<std::string>& warnings) {
  if (!files.data.empty() || !merged.profiles.empty() || !merged.hits.empty() ||
      !merged.go.empty()) {
    return;
  }
  Error error("report coverage", spec.build_dir,
              warnings.empty()
                  ? "no process has written any data for its " + instrumented_text(spec, files)
                  : "none of its data files can be counted");
  throw error.notes(warnings)
      .hint(
          "did a test or a service run an instrumented program? Those that gentle starts keep "
          "their "
          "data however they end; others must return from main or call exit")
      .exit_code(kExitFailed);
}

void add_llvm_profile(const CoverageSpec& spec, const WorkFiles& work, const LlvmGathered& llvm,
                      const Environment& environment, CoverageReport& report) {
  LlvmProfdata merged = merge_llvm_profile(llvm.parts, spec, work, tool_environment(environment));
  report.text += merged.text;
  if (merged.failure) report.failures.push_back(*std::move(merged.failure));
}

struct FoundSources {
  std::vector<CompiledObject> objects;
  SourceFates fates;
  std::vector<std::string> warnings = {};
  UncountedHeaders uncounted_headers = {};
};

void check_something_counts(const CoverageSpec& spec, const CountedLines& lines,
                            const FoundSources& sources, const RecordedTable& recorded) {
  const auto has_lines = [](const auto& file) { return !file.second.empty(); };
  if (std::any_of(lines.begin(), lines.end(), has_lines)) return;
  const bool chosen = !spec.filters.empty() || !spec.excludes.empty();
  throw Error("report coverage", spec.root, "no source file is left to count")
      .notes(shown_lines(absent_text(sources.fates, path_without_links(spec.root))))
      .notes(sources.warnings)
      .notes(recorded.warnings)
      .hint(chosen ? "correct FILTER and EXCLUDE of add_fixture_coverage"
            : !recorded.warnings.empty()
                ? "the warnings say why"
                : "the instrumented sources are all outside of this folder: name them by FILTER "
                  "in add_fixture_coverage")
      .exit_code(kExitFailed);
}

// Sources that would count, and of which nothing is known: no limit can be judged without them.
void check_all_count(std::set<std::string> uncounted, const std::set<std::string>& more,
                     CoverageReport& report) {
  uncounted.insert(more.begin(), more.end());
  if (uncounted.empty()) return;
  const std::string others =
      uncounted.size() == 1 ? "" : " and " + std::to_string(uncounted.size() - 1) + " more";
  report.failures.push_back(
      Error("reach coverage", *uncounted.begin() + others,
            "nothing of it is counted, for the reason that a warning names")
          .hint("so no limit can be judged; EXCLUDE of add_fixture_coverage leaves it out")
          .exit_code(kExitFailed));
}

// An earlier report could not read it, and nobody has compiled it again.
std::vector<std::string> still_set_aside(const ObjectFiles& files) {
  std::vector<std::string> warnings;
  for (const std::string& path : files.set_aside) {
    if (!is_notes_without_successor(path)) continue;
    warnings.push_back("gentle: warning: read object file '" + path +
                       "': it was set aside by an earlier report; its sources are not in the "
                       "report, compile it again or remove it, continuing");
  }
  return warnings;
}

void prepare_java(const CoverageSpec& spec) {
  const std::string recorder = prepare_java_recorder(coverage_folder(spec.build_dir), spec);
  if (!recorder.empty()) write_java_source_names(recorder, spec);
}

}  // namespace

std::vector<std::string> merge_coverage(const CoverageSpec& spec, const WorkFiles& work) {
  make_work_folder(work);
  return merge_data(spec, work).warnings;
}

namespace {

void remove_earlier_counts(const CoverageSpec& spec, const WorkFiles& work,
                           const ObjectFiles& files) {
  remove_process_folders(coverage_folder(spec.build_dir));
  for (const std::string& path : files.data) {
    if (!fs::is_directory(path)) remove_file(path);
  }
  for (const auto* path : {&work.tracefile, &work.summary, &work.log, &work.gcov_log}) {
    remove_file(*path);
  }
  remove_reports(spec);
  note_reset(work);
}

}  // namespace

void reset_coverage(const CoverageSpec& spec, const WorkFiles& work,
                    const Environment& environment) {
  if (spec.off.empty()) check_filters(spec, environment);
  make_work_folder(work);
  if (spec.off.empty()) prepare_java(spec);
  // Of all configurations: `ctest -T Coverage` counts them all.
  ObjectFiles files = find_objects(spec, work, "");
  remove_ctest_listings(spec);
  for (const std::string& path : files.set_aside) {
    if (!is_notes_without_successor(path)) remove_tree(path);
  }
  if (!spec.append) remove_earlier_counts(spec, work, files);
  // Go makes no folder, and a program that a plain add_test runs is nobody's to make it for.
  if (spec.off.empty()) make_go_folder(coverage_folder(spec.build_dir) + kGoFolder);
}

namespace {

bool has_limit(const CoverageSpec& spec) { return spec.fail_under_line || spec.fail_under_branch; }

// Nothing is instrumented, or nothing of it can be read.
CoverageReport report_without_objects(CoverageSpec& spec, const WorkFiles& work,
                                      const LlvmGathered& llvm, const Environment& environment,
                                      CoverageReport report) {
  if (!llvm.parts.empty()) {
    remove_reports(spec);
    make_report_folder(spec);
    add_llvm_profile(spec, work, llvm, environment, report);
  }
  if (!report.failures.empty()) return report;
  if (!spec.instrumented && !has_limit(spec)) {
    report.skipped = true;
    report.text =
        "Nothing in " + spec.build_dir + " is instrumented, so there is no coverage to report.\n";
    return report;
  }
  throw Error("report coverage", spec.build_dir, "no object file is instrumented")
      .hint("build the project first; name targets by INSTRUMENT in add_fixture_coverage")
      .exit_code(kExitFailed);
}

bool is_empty_part(const CoverageSpec& spec, const ObjectFiles& files, const CoverageReport& report,
                   TestRun tests) {
  return tests == TestRun::kPart && files.data.empty() && report.warnings.empty() &&
         report.failures.empty() && !has_limit(spec);
}

CoverageReport skipped(const CoverageSpec& spec, const std::string& cause) {
  CoverageReport report;
  // They would be taken for this run's.
  if (is_report_folder(spec.output_dir)) remove_reports(spec);
  report.skipped = true;
  report.text = "There is no coverage to report: " + cause + ".\n";
  return report;
}

FoundSources find_sources(const CoverageSpec& spec, const WorkFiles& work, ObjectFiles& files,
                          const LlvmGathered& llvm, const SourceNames& names,
                          const Environment& tools, CoverageReport& report) {
  FoundSources sources{read_objects(files, names, report.warnings), {}};
  std::vector<CompiledObject> all = sources.objects;
  for (const LlvmCounted& program : llvm.programs) all.push_back(program.object);
  std::set<std::string> paths;
  for (const CompiledObject& object : all) {
    for (const auto& [name, source] : object.sources) paths.insert(source.file);
  }
  sources.fates =
      choose_sources(spec, names.real_root(), {paths.begin(), paths.end()}, work, tools);
  append(sources.warnings, missing_warnings(sources.fates));
  append(sources.warnings, changed_warnings(all, sources.fates));
  sources.uncounted_headers = find_uncounted_headers(spec, names, all);
  std::vector<std::string> headers;
  for (const auto& [path, targets] : sources.uncounted_headers.targets) headers.push_back(path);
  if (headers.empty()) return sources;
  const SourceFates chosen = choose_sources(spec, names.real_root(), headers, work, tools);
  std::erase_if(sources.uncounted_headers.targets, [&](const auto& header) {
    return chosen.at(header.first) != SourceFate::kCounted;
  });
  return sources;
}

struct Counts {
  CountedLines lines;
  CoverageTable table;
  std::string by_gcov;  // lines of the summary
  RunRecord run;
};

Counts gather(const CoverageSpec& spec, const WorkFiles& work, const FoundSources& sources,
              const LlvmGathered& llvm, const RecordedTable& recorded, const GoGathered& go,
              const Environment& tools, const Progress& progress, CoverageReport& report) {
  std::set<std::string> counted;
  for (const auto& [path, fate] : sources.fates) {
    if (fate == SourceFate::kCounted) counted.insert(path);
  }
  RunRecording recording(spec, work, format_options(spec, tools));
  AskedGcov gcov(spec, work, tools);
  Gathered gathered = gather_units(sources.objects, counted, gcov, progress, &recording);
  CoverageTable by_llvm;
  add_llvm_counts(llvm, counted, by_llvm);
  append(report.warnings, namesake_warnings(llvm, counted));
  for (const LlvmCounted& program : llvm.programs) recording.add_program(program, counted);
  gathered.table.add(by_llvm);
  for (const auto& [path, source] : recorded.table.sources()) {
    const auto probed = recorded.probed.find(path);
    if (probed != recorded.probed.end()) {
      recording.add_java(path, probed->second, source);
    } else {
      recording.add_marked(path, source);
    }
  }
  gathered.table.add(recorded.table);
  for (const auto& [path, source] : go.counted) recording.add_go(path, source);
  for (const std::string& path : recorded.uncounted) recording.add_uncounted(path);
  for (const std::string& path : go.uncounted) recording.add_uncounted(path);
  gathered.table.add(go.table);
  finish_table(gathered, &recording);
  append(report.warnings, gathered.warnings);
  append(report.failures, gathered.failures);
  Counts counts{counted_lines(gathered.table), {}, std::move(gathered.by_gcov), recording.take()};
  counts.table = std::move(gathered.table);
  return counts;
}

// Leaves in `spec` the formats that are written.
CoverageSummary write_reports(CoverageSpec& spec, const WorkFiles& work, Counts& counts,
                              const AskedGcovr& gcovr, const Environment& tools,
                              CoverageReport& report) {
  make_report_folder(spec);
  // The record is as large as the table: it goes as soon as it is written, beside the formats.
  auto failure = std::async([places = spec, counted = std::move(counts.run)]() mutable {
    const RunRecord run = std::move(counted);
    return write_run_record(places, run);
  });
  TableReports reports = write_table_reports(spec, work, counts.table, gcovr, tools);
  if (auto error = failure.get()) report.failures.push_back(*std::move(error));
  append(report.failures, reports.failures);
  return std::move(reports.summary);
}

}  // namespace

CoverageReport report_coverage(CoverageSpec spec, const WorkFiles& work,
                               const Environment& environment, TestRun tests,
                               const Progress& progress) {
  if (!spec.off.empty()) return skipped(spec, spec.off);
  CoverageReport report;
  check_filters(spec, environment);
  make_work_folder(work);
  MergedData merged = merge_data(spec, work);
  report.warnings = std::move(merged.warnings);
  report.failures = uncounted_processes(merged);
  ObjectFiles files = find_objects(spec, work, spec.config);
  const bool has_files = !merged.profiles.empty() || !merged.hits.empty() || !merged.go.empty();
  if (!has_files && is_empty_part(spec, files, report, tests)) {
    return skipped(spec, "none of the selected tests has executed an instrumented program");
  }
  append(report.warnings, files.unreadable);
  append(report.warnings, still_set_aside(files));
  append(report.warnings, lost_notes_warnings(files));
  const Environment tools = tool_environment(environment);
  const SourceNames names(spec);
  const LlvmGathered llvm = gather_llvm(merged.profiles, spec, names, work, tools);
  append(report.failures, llvm.failures);
  append(report.warnings, llvm.warnings);
  RecordedTable recorded = gather_python(merged.hits, spec, work, tools);
  recorded.add(gather_node(merged.hits, spec, work, tools));
  recorded.add(gather_java(merged.hits, spec, work, tools));
  append(report.failures, recorded.failures);
  append(report.warnings, recorded.warnings);
  const GoGathered go = gather_go(merged.go, spec, work, tools);
  append(report.warnings, go.warnings);
  if (files.notes.empty() && llvm.programs.empty() && merged.hits.empty() && merged.go.empty()) {
    return report_without_objects(spec, work, llvm, environment, std::move(report));
  }
  append(report.warnings, set_bad_data_aside(files));
  FoundSources sources = find_sources(spec, work, files, llvm, names, tools, report);
  append(report.failures, processes_elsewhere(spec, merged, files, sources.objects, sources.fates));
  sources.fates.insert(recorded.absent.begin(), recorded.absent.end());
  sources.fates.insert(go.absent.begin(), go.absent.end());
  const bool has_counts = !files.data.empty() || !merged.profiles.empty() ||
                          !recorded.table.sources().empty() || !go.table.sources().empty();
  if (!has_counts && !report.failures.empty()) return report;
  check_there_is_data(spec, files, merged, report.warnings);
  for (const auto* log : {&work.log, &work.gcov_log}) remove_file(*log);
  remove_reports(spec);
  const AskedGcovr gcovr(spec, work, tools);
  Counts counts = gather(spec, work, sources, llvm, recorded, go, tools, progress, report);
  append(sources.warnings, untold_warnings(sources.fates, counts.lines));
  check_something_counts(spec, counts.lines, sources, recorded);
  const CoverageSummary summary = write_reports(spec, work, counts, gcovr, tools, report);
  append(sources.warnings, empty_limits(spec, summary));
  append(report.warnings, sources.warnings);
  leave_ctest_listing(spec, counts.table);

  const std::string root = path_without_links(spec.root);
  report.text = report_text(spec, summary) + absent_text(sources.fates, root) +
                uncounted_headers_text(sources.uncounted_headers, root) + counts.by_gcov +
                rescued_profiles_text(merged.profiles);
  add_llvm_profile(spec, work, llvm, environment, report);
  // Who looks there has not seen the warnings of a test that passed.
  write_public_file(spec.output_dir + "/summary.txt", report.text + lines_of(sources.warnings));
  if (has_limit(spec)) check_all_count(recorded.uncounted, go.uncounted, report);
  for (const std::string& cause : unreached_limits(spec, summary)) {
    report.failures.push_back(Error("reach coverage", "", cause).exit_code(kExitFailed));
  }
  return report;
}

std::string unwritable_formats(const std::vector<std::string>& formats, const std::string& gcovr,
                               const Environment& environment) {
  try {
    const Environment tools = tool_environment(environment);
    // Its start takes a good part of a second, and the oldest one writes most of the formats.
    if (formats_cause(formats, kOldestGcovr).empty()) return "";
    CoverageSpec spec;
    spec.gcovr = gcovr;
    return formats_cause(formats, find_gcovr(spec, WorkFiles(""), tools).version);
  } catch (const Error&) {
    return "";
  }
}

}  // namespace gentle

#include "coverage/report/java_gathering.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/exit_code.h"
#include "coverage/keep/coverage_paths.h"
#include "coverage/languages/hits.h"
#include "coverage/languages/java_hits.h"
#include "coverage/languages/java_recorder.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/java_answer.h"
#include "coverage/report/java_sources.h"
#include "coverage/report/source_choice.h"
#include "os/data_file.h"
#include "os/file.h"
#include "os/tool.h"

namespace gentle {
namespace {

constexpr std::size_t kLargestJavaNames = std::size_t{64} << 20U;

// By the numbers that the recorder and the report program give (languages/assets/java).
std::string text_of_reason(std::uint32_t reason) {
  switch (reason) {
    case 1:
      return "its class file is newer than this JaCoCo can read, so it is not counted: install a "
             "newer JaCoCo, and run cmake again";
    case 2:
      return "another agent of JaCoCo has instrumented it before, so it is not counted: start the "
             "service without that";
    case 3:
      return "this JaCoCo cannot read it, so it is not counted: try a newer JaCoCo, and run cmake "
             "again";
    case 4:
      return "it was compiled without line numbers, so it is not counted: compile it with javac -g";
    case 5:
      return "its class file is gone, so it is not counted: run the tests again";
    case 6:
      return "it has changed since some process ran it; what that executed is not counted: run the "
             "tests again";
    case 7:
      return "it is newer than its class files, so its counts may stand at the wrong lines; build "
             "again";
    case 8:
      return "it has fewer lines than when it was compiled; it is not counted: build again";
    case 9:
      return "another source of this package has the same name, and nothing tells which one was "
             "compiled; it is not counted";
    case 10:
      return "it was not there yet when coverage was reset, and a class of it, or with a copy of "
             "its "
             "inline functions, was loaded then; it is not counted: run the tests again";
    default:
      return "for a reason that this version of gentle does not know, it is not counted";
  }
}

// What all processes have executed, by the id and the place of a class.
struct JavaExecuted {
  std::map<std::pair<std::string, std::string>, JavaClass> classes;
  std::map<std::pair<std::string, std::string>, std::uint32_t> unrecorded;  // name and place
  std::set<std::pair<std::string, std::string>> sourceless;                 // likewise
  bool any = false;
};

void add_java_hits(const std::string& path, JavaExecuted& all) {
  const std::string names_path = names_of_hits(path);
  const std::string names =
      file_exists(names_path) ? read_data_file(names_path, kLargestJavaNames) : "";
  JavaHits hits = read_java_hits(read_data_file(path), names, path);
  for (JavaClass& one : hits.classes) {
    const auto [at, is_new] = all.classes.try_emplace({one.id, one.location}, one);
    std::vector<bool>& known = at->second.probes;
    if (known.size() != one.probes.size()) {
      throw Error("read hits", path,
                  "it is corrupt: another process has other probes of its class " + one.name);
    }
    for (std::size_t i = 0; i < known.size(); ++i) known[i] = known[i] || one.probes[i];
  }
  for (const UnrecordedJavaClass& one : hits.unrecorded) {
    all.unrecorded[{one.name, one.location}] = one.reason;
  }
  for (const SourcelessJavaClasses& one : hits.sourceless) {
    all.sourceless.emplace(one.source, one.location);
  }
}

JavaExecuted read_all_java_hits(const std::vector<std::string>& hits, RecordedTable& gathered) {
  JavaExecuted all;
  for (const std::string& path : hits) {
    if (language_of_hits(path) != Language::kJava) continue;
    all.any = true;
    try {
      add_java_hits(path, all);
    } catch (const Error& error) {
      gathered.warnings.push_back("gentle: warning: read hits of Java '" + path +
                                  "': " + error.cause() +
                                  "; what its process executed is not counted, continuing");
    }
  }
  return all;
}

// As assets/java/recorder/gentle_agent/Report.java reads it.
std::string question_of(const JavaExecuted& executed, const CoverageSpec& spec) {
  std::string text;
  const auto add = [&text](const std::string& field) { text += field + '\0'; };
  add("K");
  add(coverage_folder(spec.build_dir) + kKeptClasses);
  for (const std::string& path : java_sources(spec)) {
    add("S");
    add(path);
  }
  std::map<std::string, std::size_t> places;
  const auto number_of = [&](const std::string& location) {
    const auto [at, is_new] = places.try_emplace(location, places.size() + 1);
    if (is_new) {
      add("L");
      add(location);
    }
    return std::to_string(at->second);
  };
  for (const auto& [key, one] : executed.classes) {
    const std::string place = number_of(one.location);
    std::string probes;
    for (const bool probe : one.probes) probes += probe ? '1' : '0';
    for (const std::string& field : {std::string("C"), one.id, place, one.name, probes}) add(field);
  }
  for (const auto& [key, reason] : executed.unrecorded) {
    const std::string place = number_of(key.second);
    for (const std::string& field : {std::string("U"), place, key.first}) add(field);
  }
  for (const auto& [source, location] : executed.sourceless) {
    const std::string place = number_of(location);
    for (const std::string& field : {std::string("N"), place, source}) add(field);
  }
  return text;
}

JavaAnswer ask_jacoco(const std::string& question, const CoverageSpec& spec, const WorkFiles& work,
                      const Environment& environment) {
  const std::string recorder = install_java_recorder(coverage_folder(spec.build_dir), spec);
  const std::string folder = work.folder + "/java";
  remove_tree(folder);
  make_folders(folder, 0777);
  write_file_atomically(folder + "/input", question);
  const std::string log = folder + "/log";
  // It does not run for long: to compile better, and to collect garbage at the same time, takes
  // longer than it saves.
  const ToolEnd end =
      run_tool({{spec.java, "-XX:+IgnoreUnrecognizedVMOptions", "-XX:TieredStopAtLevel=1",
                 "-XX:+UseSerialGC", "-cp", java_class_path(recorder, spec), "gentle_agent.Report",
                 folder + "/input", folder + "/output"},
                java_tool_environment(environment),
                "",
                log});
  if (end.end == EndStatus{}) return parse_java_answer(read_data_file(folder + "/output"));
  throw Error("ask JaCoCo", spec.java, "it ended with " + describe(end.end))
      .notes(last_lines(log, 5))
      .hint("what it printed is in " + log)
      .exit_code(kExitFailed);
}

// One for each reason: a project may have many classes of one kind.
void warn_of_classes(const std::map<std::uint32_t, std::set<std::string>>& by_reason,
                     RecordedTable& gathered) {
  for (const auto& [reason, names] : by_reason) {
    std::string what = text_of_reason(reason);
    if (names.size() > 1) what += "; the same for " + std::to_string(names.size() - 1) + " more";
    gathered.warnings.push_back(line_warning(Language::kJava, *names.begin(), what));
  }
}

void take_answer(JavaAnswer&& answer, const CoverageSpec& spec, const WorkFiles& work,
                 const Environment& environment, RecordedTable& gathered) {
  std::set<std::string> all;
  for (const auto& [path, source] : answer.sources) all.insert(path);
  for (const auto& [reason, paths] : answer.warned_sources) all.insert(paths.begin(), paths.end());
  all.insert(answer.uncounted.begin(), answer.uncounted.end());
  const auto fates = choose_sources(spec, path_without_links(spec.root), {all.begin(), all.end()},
                                    work, environment);
  for (auto& [path, source] : answer.sources) {
    if (fates.at(path) == SourceFate::kCounted) {
      gathered.table.sources()[path] = std::move(source);
      gathered.probed[path] = std::move(answer.probed[path]);
    } else {
      gathered.absent[path] = fates.at(path);
    }
  }
  for (const std::string& path : answer.uncounted) {
    if (fates.at(path) == SourceFate::kCounted) gathered.uncounted.insert(path);
  }
  for (const std::string& name : answer.absent) gathered.absent[name] = SourceFate::kNoSource;
  warn_of_classes(answer.uncounted_classes, gathered);
  for (const auto& [reason, paths] : answer.warned_sources) {
    for (const std::string& path : paths) {
      if (fates.at(path) != SourceFate::kCounted) continue;
      gathered.warnings.push_back(line_warning(Language::kJava, path, text_of_reason(reason)));
    }
  }
}

}  // namespace

RecordedTable gather_java(const std::vector<std::string>& hits, const CoverageSpec& spec,
                          const WorkFiles& work, const Environment& environment) {
  RecordedTable gathered;
  const JavaExecuted executed = read_all_java_hits(hits, gathered);
  if (!executed.any) return gathered;
  try {
    JavaAnswer answer = ask_jacoco(question_of(executed, spec), spec, work, environment);
    for (const auto& [key, reason] : executed.unrecorded) {
      answer.uncounted_classes[reason].insert(key.first);
    }
    take_answer(std::move(answer), spec, work, environment, gathered);
  } catch (const Error& error) {
    gathered.failures.push_back(error);
  }
  for (std::string& line : missing_warnings(gathered.absent)) {
    gathered.warnings.push_back(std::move(line));
  }
  return gathered;
}

}  // namespace gentle

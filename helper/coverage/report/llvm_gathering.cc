#include "coverage/report/llvm_gathering.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/exit_code.h"
#include "coverage/gcov/gcno.h"
#include "coverage/llvm/llvm_images.h"
#include "coverage/llvm/llvm_version.h"
#include "coverage/report/forked_llvm.h"
#include "coverage/report/llvm_decisions.h"
#include "coverage/report/llvm_programs.h"
#include "coverage/table/llvm_source.h"
#include "os/file.h"
#include "os/tool.h"
#include "os/worker_threads.h"

namespace gentle {
namespace {

constexpr std::size_t kLinesOfCovLog = 5;
constexpr std::size_t kMostObjects = 200;  // of one call, for the length of its command
constexpr std::string_view kNoMapping = "o coverage data found";  // "N" in LLVM 14, "n" in 19

// One program with the profile that its counts are in.
struct Task {
  std::string program;
  std::string profdata;
  std::string cov;
  bool ran = true;
  std::vector<std::string> more = {};  // objects of the same target
  unsigned forks = 0;                  // as of LlvmProgram
  LlvmTool merger = {};                // which has made the profile
};

std::string log_of(const WorkFiles& work, std::size_t task) {
  return work.folder + "/llvm-cov-" + std::to_string(task) + ".log";
}

std::string export_text(const Task& task, const char* format, const std::string& log,
                        const Environment& environment) {
  std::vector<std::string> command = {task.cov,
                                      "export",
                                      std::string("-format=") + format,
                                      "-skip-expansions",
                                      "-instr-profile=" + task.profdata,
                                      task.program};
  for (const std::string& object : task.more) {
    command.insert(command.end(), {"-object", object});
  }
  const ToolEnd end = run_tool({command, environment, "", "", log});
  if (end.end == EndStatus{}) return end.output;
  const std::string printed = read_file_if_there(log).value_or("");
  if (printed.find(kNoMapping) != std::string::npos) {
    throw Error("count clang's coverage", task.program, "it says nothing of its lines")
        .hint("compile it with -fcoverage-mapping as well, and do not strip that away")
        .exit_code(kExitFailed);
  }
  throw Error("count clang's coverage", task.program, "llvm-cov failed")
      .notes(last_lines(log, kLinesOfCovLog))
      .hint("it was run as " + task.cov + " export -instr-profile=" + task.profdata)
      .exit_code(kExitFailed);
}

LlvmCounted export_of(const Task& task, const std::string& log, const Environment& environment) {
  write_file_atomically(log, "");
  LlvmCounted result;
  char head[16];
  if (has_byte_counters(read_once(task.profdata, head, sizeof head))) {
    result.counting = Counting::kOnce;
  }
  read_exported_lines(export_text(task, "lcov", log, environment), task.program, result.sources);
  std::vector<std::string> files = task.more;
  files.push_back(task.program);
  LlvmDecisions decisions(files, task.ran ? task.profdata : "", task.merger, log, environment);
  LlvmLacking lacking;
  const auto take = [&](LlvmFunction& function) {
    lacking.add(function);
    if (!decisions.complete(function)) {
      result.undecided.insert(function.files.begin(), function.files.end());
    }
    result.functions.push_back(pack_llvm_function(function));
  };
  result.segments = read_exported_functions(export_text(task, "text", log, environment),
                                            task.program, result.sources, take);
  const LlvmFormat* format = find_llvm_format_of_clang(task.merger.release);
  if (format != nullptr) result.lack = lacking.find(files, format->record_size);
  return result;
}

// The llvm-cov that reads what this tool has merged: of the same release, or of a newer one.
std::string cov_for(const LlvmTool& tool, const std::vector<LlvmTool>& tools) {
  std::string cov = llvm_cov_beside(tool.path);
  for (const LlvmTool& other : tools) {
    if (cov.empty() && other.release >= tool.release) cov = llvm_cov_beside(other.path);
  }
  return cov;
}

Error no_llvm_cov(const std::string& what, unsigned release) {
  return Error("count clang's coverage", what,
               "no llvm-cov of LLVM " +
                   (release == 0 ? "" : std::to_string(release) + " or newer ") + "is installed")
      .hint("apt-get install llvm-" + (release == 0 ? "<release>" : std::to_string(release)) +
            "; for Rust: rustup component add llvm-tools")
      .exit_code(kExitFailed);
}

// A profile in which nothing has run, for programs that have not.
std::optional<std::string> empty_profile(const LlvmTool& tool, const WorkFiles& work,
                                         const Environment& environment) {
  const std::string text = work.folder + "/empty.proftext";
  const std::string profdata = work.folder + "/empty.profdata";
  const std::string log = work.folder + "/llvm-profdata.log";
  write_file_atomically(text, "a function of no program\n0\n1\n0\n");
  const ToolRun run{{tool.path, "merge", "-o", profdata, text}, environment, "", log};
  if (run_tool(run).end != EndStatus{}) return std::nullopt;
  return profdata;
}

// "/b/CMakeFiles/app" of an object file of CMake's; "" of a program.
std::string target_of(const std::string& path) {
  const std::size_t at = path.rfind(".dir/");
  return at == std::string::npos ? "" : path.substr(0, at);
}

class Tasks {
 public:
  Tasks(const CoverageSpec& spec, const WorkFiles& work, const Environment& environment)
      : spec_(spec), work_(work), environment_(environment) {}

  std::vector<Task> list(const LlvmParts& merged, std::vector<Error>& failures) {
    std::set<std::string> ran;
    for (const LlvmPart& part : merged.parts) {
      if (part.program.empty()) continue;
      ran.insert(part.program);
      const std::string cov = cov_for(part.tool, merged.tools);
      if (cov.empty()) {
        failures.push_back(no_llvm_cov(part.program, part.tool.release));
      } else {
        tasks_.push_back({part.program, part.profdata, cov, true, {}, part.forks, part.tool});
      }
    }
    std::vector<std::string> idle;
    for (const std::string& path : spec_.instrumented_files) {
      if (!ran.contains(path) && is_regular_file(path)) idle.push_back(path);
    }
    if (!idle.empty()) list_idle(idle, merged.tools, failures);
    return std::move(tasks_);
  }

 private:
  void list_idle(const std::vector<std::string>& idle, const std::vector<LlvmTool>& tools,
                 std::vector<Error>& failures) {
    for (const LlvmTool& tool : tools) {
      const std::string cov = llvm_cov_beside(tool.path);
      if (cov.empty()) continue;
      const auto profdata = empty_profile(tool, work_, environment_);
      if (!profdata) continue;
      for (const std::string& path : idle) add_idle(path, *profdata, cov, tool);
      return;
    }
    failures.push_back(no_llvm_cov(idle.front(), 0));
  }

  // The objects of one target are one task: of two targets, each may compile a source in its own
  // way.
  void add_idle(const std::string& path, const std::string& profdata, const std::string& cov,
                const LlvmTool& tool) {
    const std::string target = target_of(path);
    const bool goes_along = !target.empty() && !tasks_.empty() && !tasks_.back().ran &&
                            target_of(tasks_.back().program) == target &&
                            tasks_.back().more.size() < kMostObjects;
    if (goes_along) {
      tasks_.back().more.push_back(path);
    } else {
      tasks_.push_back({path, profdata, cov, false, {}, 0, tool});
    }
  }

  const CoverageSpec& spec_;
  const WorkFiles& work_;
  const Environment& environment_;
  std::vector<Task> tasks_;
};

// Of several objects the newest: a source that is newer than it was changed later.
std::string newest_of(const Task& task) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::string newest = task.program;
  for (const std::string& path : task.more) {
    const bool is_newer = fs::last_write_time(path, error) > fs::last_write_time(newest, error);
    if (is_newer) newest = path;
  }
  return newest;
}

// Of a source that is named as the compiler saw it.
CompiledObject object_of(const std::string& program, const LlvmExport& counts,
                         const SourceNames& names) {
  Notes notes;
  CompiledObject object{program, {}};
  for (const auto& [name, source] : counts) {
    const std::uint32_t last = source.lines.empty() ? 0 : source.lines.rbegin()->first;
    notes.sources.push_back({name, last});
    object.sources[plain_name(name)].last_line = last;
  }
  for (auto& [name, file] : names.files_of(program, notes)) {
    object.sources[name].file = std::move(file);
  }
  return object;
}

std::string llvm_warning(const std::string& program, const std::string& cause) {
  return "gentle: warning: count clang's coverage '" + program + "': " + cause + ", continuing";
}

// Lines are missing, so no limit can be judged.
void tell_lack(const LlvmCounted& program, bool is_limited, LlvmGathered& gathered) {
  const std::size_t count = program.lack.functions;
  if (count == 0) return;
  const std::string cause = "llvm-cov leaves out " + std::to_string(count) +
                            (count == 1 ? " function" : " functions") + ", with their lines";
  if (is_limited) {
    gathered.failures.push_back(Error("count clang's coverage", program.object.notes, cause)
                                    .hint("so no limit can be judged; see 'What llvm-cov does not "
                                          "tell' in docs/coverage.md")
                                    .exit_code(kExitFailed));
  } else {
    gathered.warnings.push_back(llvm_warning(program.object.notes, cause));
  }
}

// It has counted nothing, so all counts of the report are right without it. But its lines may be
// missing, and then no limit can be judged.
void tell_idle(const Task& task, const std::string& log, bool is_limited, LlvmGathered& gathered) {
  std::string cause = "it never ran, and llvm-cov cannot read it";
  for (const std::string& last : last_lines(log, 2)) {
    if (last.find(task.program) != std::string::npos) cause += " (" + last + ")";
  }
  cause += "; sources that no other program holds are not in the report";
  if (is_limited) {
    gathered.failures.push_back(Error("count clang's coverage", task.program, cause)
                                    .hint("so no limit can be judged; compile without -flto")
                                    .exit_code(kExitFailed));
  } else {
    gathered.warnings.push_back(llvm_warning(task.program, cause));
  }
}

// Programs one after the other, by as many threads as there are processors.
std::vector<std::optional<LlvmCounted>> run_tasks(const std::vector<Task>& tasks,
                                                  const CoverageSpec& spec, const WorkFiles& work,
                                                  const Environment& environment,
                                                  LlvmGathered& gathered) {
  const bool is_limited = spec.fail_under_line || spec.fail_under_branch;
  std::vector<std::optional<LlvmCounted>> exports(tasks.size());
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  run_workers(tasks.size(), [&] {
    for (std::size_t i = next++; i < tasks.size(); i = next++) {
      try {
        exports[i] = export_of(tasks[i], log_of(work, i), environment);
      } catch (Error& error) {
        // Objects of the project may hold no functions.
        const std::string log = read_file_if_there(log_of(work, i)).value_or("");
        if (!tasks[i].ran && log.find(kNoMapping) != std::string::npos) continue;
        const std::lock_guard lock(mutex);
        if (tasks[i].ran) {
          gathered.failures.push_back(error.exit_code(kExitFailed));
        } else {
          tell_idle(tasks[i], log_of(work, i), is_limited, gathered);
        }
      }
    }
  });
  return exports;
}

// What two processes have shown only together stands in the sum of their profiles. For decisions
// whose paths are not known.
void take_decisions_of_all(std::span<const Task> generations, const WorkFiles& work,
                           const Environment& environment, LlvmCounted& program) {
  if (generations.size() < 2 || program.undecided.empty()) return;
  const std::string profdata = work.folder + "/profile-of-forks.profdata";
  const std::string log = work.folder + "/llvm-profdata.log";
  std::vector<std::string> command = {generations[0].merger.path, "merge", "-o", profdata};
  for (const Task& each : generations) command.push_back(each.profdata);
  if (run_tool({command, environment, "", log}).end != EndStatus{}) {
    throw Error("merge profiles", program.object.notes, "llvm-profdata failed")
        .notes(last_lines(log, kLinesOfCovLog))
        .exit_code(kExitFailed);
  }
  Task all = generations[0];
  all.profdata = profdata;
  const LlvmCounted counted = export_of(all, work.folder + "/llvm-cov-forks.log", environment);
  for (const auto& [name, source] : counted.sources) {
    program.sources[name].decisions = source.decisions;
  }
}

bool has_forks(const std::vector<LlvmGeneration>& generations) {
  return generations.size() > 1 || generations.front().forks > 0;
}

}  // namespace

LlvmGathered gather_llvm(const std::vector<std::string>& profiles, const CoverageSpec& spec,
                         const SourceNames& names, const WorkFiles& work,
                         const Environment& environment) {
  LlvmGathered gathered;
  if (profiles.empty() && spec.instrumented_files.empty()) return gathered;
  LlvmPrograms found = find_llvm_programs(profiles, spec);
  LlvmParts merged = merge_llvm_parts(found.programs, work, environment);
  // What no tool can merge is told by that alone.
  const bool has_unknown = std::any_of(merged.parts.begin(), merged.parts.end(),
                                       [](const LlvmPart& part) { return part.program.empty(); });
  if (has_unknown) gathered.failures = std::move(found.failures);
  for (Error& ambiguity : found.ambiguities) gathered.failures.push_back(std::move(ambiguity));
  gathered.warnings = std::move(found.warnings);
  if (merged.failure) gathered.failures.push_back(*merged.failure);
  const std::vector<Task> tasks = Tasks(spec, work, environment).list(merged, gathered.failures);
  auto exports = run_tasks(tasks, spec, work, environment, gathered);
  const bool is_limited = spec.fail_under_line || spec.fail_under_branch;
  for (std::size_t i = 0; i < tasks.size();) {
    const std::size_t first = i;
    std::vector<LlvmGeneration> generations;
    do {
      if (exports[i]) generations.push_back({tasks[i].forks, *std::move(exports[i])});
      ++i;
    } while (i < tasks.size() && tasks[i].ran && tasks[i].program == tasks[first].program);
    if (generations.empty()) continue;
    LlvmCounted program = has_forks(generations) ? sum_of_generations(std::move(generations))
                                                 : std::move(generations.front().counted);
    program.object = object_of(newest_of(tasks[first]), program.sources, names);
    tell_lack(program, is_limited, gathered);
    try {
      take_decisions_of_all({&tasks[first], i - first}, work, environment, program);
    } catch (const Error& error) {
      gathered.failures.push_back(error);
    }
    gathered.programs.push_back(std::move(program));
  }
  gathered.parts = std::move(merged.parts);
  return gathered;
}

std::string rescued_profiles_text(const std::vector<std::string>& profiles) {
  const auto rescued = std::count_if(profiles.begin(), profiles.end(), [](const auto& profile) {
    return profile.substr(profile.rfind('/') + 1).starts_with(kRescuedProfile);
  });
  if (rescued == 0) return "";
  return "Of Clang or rustc, " + std::to_string(rescued) +
         (rescued == 1 ? " profile was" : " profiles were") +
         " read from memory: a line behind a loop or a call that had not ended may count once too "
         "often.\n";
}

std::vector<std::string> namesake_warnings(const LlvmGathered& gathered,
                                           const std::set<std::string>& counted) {
  std::vector<std::string> warnings;
  for (const LlvmCounted& program : gathered.programs) {
    std::vector<std::string> causes;
    for (const LlvmNamesakes& namesakes : program.lack.namesakes) {
      const auto known = program.object.sources.find(plain_name(namesakes.source));
      if (known == program.object.sources.end() || !counted.contains(known->second.file)) continue;
      causes.push_back(namesakes.cause);
    }
    if (causes.empty()) continue;
    const std::string more =
        causes.size() == 1 ? "" : "; the same for " + std::to_string(causes.size() - 1) + " more";
    warnings.push_back(llvm_warning(program.object.notes, causes.front() + more));
  }
  return warnings;
}

void add_llvm_counts(const LlvmGathered& gathered, const std::set<std::string>& counted,
                     CoverageTable& table) {
  for (const LlvmCounted& program : gathered.programs) {
    CoverageTable one;
    for (const auto& [name, source] : program.sources) {
      const auto known = program.object.sources.find(plain_name(name));
      if (known == program.object.sources.end()) continue;
      if (!counted.contains(known->second.file)) continue;
      CoverageTable of_source;  // two names may be of one file
      of_source.sources()[known->second.file] = table_source(source, program.counting);
      one.add(of_source);
    }
    table.add(one);
  }
}

}  // namespace gentle

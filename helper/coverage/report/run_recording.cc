#include "coverage/report/run_recording.h"

#include <algorithm>
#include <utility>

#include "base/content_hash.h"
#include "base/exit_code.h"
#include "coverage/formats/counted_source.h"
#include "coverage/report/source_names.h"
#include "os/file.h"

namespace gentle {
namespace {

// A report that is made again from the same data has the same name.
std::string name_of_run(const CoverageSpec& spec, const WorkFiles& work) {
  const std::string reset = file_version(work.reset);
  const std::string machine = read_file("/proc/sys/kernel/random/boot_id");
  const std::string name =
      reset.empty() ? read_file("/proc/sys/kernel/random/uuid") : machine + spec.build_dir + reset;
  return std::to_string(content_hash(name));
}

}  // namespace

RunRecording::RunRecording(const CoverageSpec& spec, const WorkFiles& work,
                           const FormatOptions& options)
    : options_(options), build_dir_(spec.build_dir) {
  record_.runs.insert(name_of_run(spec, work));
  record_.title = spec.title;
  record_.throw_branches = spec.throw_branches;
  record_.formats = spec.formats;
}

// The build folder may be anywhere; other builds are below the root as a rule.
std::string RunRecording::name_of_object(const std::string& notes) const {
  const FormatOptions build{build_dir_};
  return notes.starts_with(build_dir_ + "/") ? shown_name(notes, build)
                                             : shown_name(notes, options_);
}

void RunRecording::add_object(const CompiledObject& object, const UnitNotes& notes,
                              const UnitCounters& counters, const std::set<std::string>& counted) {
  std::vector<std::string> names;
  for (const std::string& source : notes.sources) {
    const auto known = object.sources.find(plain_name(source));
    const bool counts = known != object.sources.end() && counted.contains(known->second.file);
    names.push_back(counts ? shown_name(known->second.file, options_) : "");
  }
  UnitRecord unit =
      record_unit(name_of_object(object.notes), notes, counters,
                  [&](std::uint32_t source) -> const std::string& { return names[source]; });
  const std::lock_guard lock(mutex_);
  record_.objects.add(std::move(unit));
}

namespace {

// How the sources that count are called in reports, by the names that the compiler gave them.
std::map<std::string, std::string> shown_names(const LlvmCounted& program,
                                               const std::set<std::string>& counted,
                                               const FormatOptions& options) {
  std::map<std::string, std::string> shown;
  for (const auto& [name, source] : program.sources) {
    const auto known = program.object.sources.find(plain_name(name));
    const bool counts =
        known != program.object.sources.end() && counted.contains(known->second.file);
    if (counts) shown[name] = shown_name(known->second.file, options);
  }
  return shown;
}

// Of two names of one file the table takes each for itself.
bool adds_up(const std::map<std::string, std::string>& shown) {
  std::set<std::string> known;
  return std::all_of(shown.begin(), shown.end(),
                     [&](const auto& name) { return known.insert(name.second).second; });
}

}  // namespace

void RunRecording::add_program(const LlvmCounted& program, const std::set<std::string>& counted) {
  const auto shown = shown_names(program, counted, options_);
  if (!adds_up(shown)) {
    for (const auto& [name, shown_as] : shown) record_.lacking.insert(shown_as);
    return;
  }
  for (const auto& [name, shown_as] : shown) {
    if (program.undecided.contains(name)) record_.lacking.insert(shown_as);
  }
  std::vector<PackedPart> parts = pack_lines(program, shown);
  const auto name_of = [&](const std::string& name) {
    const auto found = shown.find(name);
    return found == shown.end() ? "" : found->second;
  };
  for (const PackedPart& function : program.functions) {
    if (auto part = renamed_llvm_function(function, name_of)) parts.push_back(*std::move(part));
  }
  if (program.counting == Counting::kOnce) parts.push_back(pack_llvm_once());
  record_.programs.add(record_program(name_of_object(program.object.notes), parts));
}

std::vector<PackedPart> RunRecording::pack_lines(const LlvmCounted& program,
                                                 const std::map<std::string, std::string>& shown) {
  std::vector<PackedPart> parts;
  for (const auto& [name, shown_as] : shown) {
    const auto file = program.segments.find(name);
    const auto lines = file == program.segments.end()
                           ? std::nullopt
                           : additive_lines(file->second, program.sources.at(name).lines);
    if (lines) {
      parts.push_back(pack_llvm_lines(shown_as, *lines));
    } else {
      record_.lacking.insert(shown_as);
    }
  }
  return parts;
}

void RunRecording::add_marked(const std::string& path, const TableSource& source) {
  MarkedLines marked;
  bool has_more = !source.functions.empty();
  for (const auto& [number, line] : source.lines) {
    has_more = has_more || line.count > 1;
    (line.count > 0 ? marked.executed : marked.others).insert(number);
    if (line.is_excluded) marked.excluded.insert(number);
    for (const BranchGroup& group : line.groups) {
      MarkedBranch& branch = marked.branches.emplace_back();
      branch.line = number;
      for (const TableBranch& way : group.branches) branch.taken.push_back(way.count > 0);
    }
  }
  if (has_more) return add_lacking(path);
  const std::lock_guard lock(mutex_);
  record_.marked.emplace(shown_name(path, options_), std::move(marked));
}

void RunRecording::add_go(const std::string& path, const GoSource& source) {
  record_.go.emplace(shown_name(path, options_), source);
}

void RunRecording::add_java(const std::string& path, const ProbedSource& probed,
                            const TableSource& counted) {
  if (!are_same_counts(java_table_source(probed), counted)) return add_lacking(path);
  record_.java.emplace(shown_name(path, options_), probed);
}

void RunRecording::add_uncounted(const std::string& path) {
  const std::lock_guard lock(mutex_);
  record_.uncounted.insert(shown_name(path, options_));
}

void RunRecording::add_lacking(const std::string& path) {
  const std::lock_guard lock(mutex_);
  record_.lacking.insert(shown_name(path, options_));
}

void RunRecording::add_source(const std::string& path, std::string_view text,
                              const ExclusionMarkers& markers) {
  record_.sources[shown_name(path, options_)] = {content_hash(text), markers.lines,
                                                 markers.branches};
}

std::optional<Error> write_run_record(const CoverageSpec& spec, const RunRecord& record) {
  try {
    write_public_parts(spec.output_dir + "/" + kRunFile,
                       [&](PartedText& text) { record.write(text); });
    return std::nullopt;
  } catch (const Error& error) {
    return Error("write report", kRunFile, error.cause()).exit_code(kExitFailed);
  }
}

}  // namespace gentle

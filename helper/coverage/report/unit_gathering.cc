#include "coverage/report/unit_gathering.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "base/exit_code.h"
#include "coverage/gcov/gcov_version.h"
#include "coverage/gcov/unit_counters.h"
#include "coverage/gcov/unit_lines.h"
#include "coverage/gcov/unit_notes.h"
#include "coverage/report/count_rules.h"
#include "coverage/table/exclusion_markers.h"
#include "os/data_file.h"
#include "os/file.h"
#include "os/worker_threads.h"

namespace gentle {
namespace {

// Used again for one object after the other.
struct ObjectMemory {
  FileBuffer bytes;  // of the .gcno
  UnitNotes notes;
};

UnitCounters counters_of(const CompiledObject& object, const UnitNotes& notes) {
  const std::string data = data_of(object.notes);
  if (!is_regular_file(data)) return no_counters(notes);
  return read_unit_counters(read_data_file(data), notes);
}

bool has_counted(const CompiledObject& object, const std::set<std::string>& counted) {
  return std::any_of(object.sources.begin(), object.sources.end(),
                     [&](const auto& source) { return counted.contains(source.second.file); });
}

// As reports name it.
std::string file_of(const CompiledObject& object, const std::string& source) {
  const std::string name = plain_name(source);
  const auto known = object.sources.find(name);
  return known == object.sources.end() ? name : known->second.file;
}

// A gcov may have been given the paths of the files in place of their names.
void add_unit(const CompiledObject& object, const UnitLines& unit,
              const std::set<std::string>& counted, CoverageTable& table) {
  for (const SourceCount& source : unit.sources) {
    const std::string file = file_of(object, source.name);
    if (counted.contains(file)) table.add(file, unit, source);
  }
}

// Gives back a warning, or "".
std::string add_object(const CompiledObject& object, const std::set<std::string>& counted,
                       RunRecording* recording, CoverageTable& table, ObjectMemory& memory) {
  const std::string_view bytes = read_notes(object.notes, memory.bytes);
  memory.notes = read_unit_notes(bytes, object.notes, is_folder, std::move(memory.notes));
  const UnitNotes& notes = memory.notes;
  const UnitCounters counters = counters_of(object, notes);
  const auto matters = [&](std::size_t source) {
    return counted.contains(file_of(object, notes.sources[source]));
  };
  add_unit(object, count_unit_lines(notes, counters, matters), counted, table);
  if (recording != nullptr) recording->add_object(object, notes, counters, counted);
  if (counters.fault == CountersFault::kNone || !file_exists(data_of(object.notes))) return "";
  return "gentle: warning: count data '" + data_of(object.notes) +
         "': a function in it is not as in the .gcno beside it; what comes from there on is not "
         "counted, compile it again, continuing";
}

// Why the object is not read here; "" if it is.
std::string why_not_read(const CompiledObject& object) {
  const auto header = header_of_notes(object.notes);
  if (!header || find_gcov_format(header->version) != nullptr) return "";
  if (is_of_clang(header->version)) return "Clang's --coverage is not read here";
  return describe_gcov_version(header->version) + " is not known here, known are " +
         supported_gcov_versions();
}

// One line for each reason and program: a first object, and how many more.
class CountedByGcov {
 public:
  void add(const std::string& program, const std::string& reason, const std::string& notes) {
    const std::lock_guard lock(mutex_);
    known_[{program, reason}].insert(notes);
  }

  std::string lines() const {
    std::string text;
    for (const auto& [why, notes] : known_) {
      const auto& [program, reason] = why;
      text += "Counted by " + program + ", since " + reason + ": " + *notes.begin();
      if (notes.size() > 1) text += " and " + std::to_string(notes.size() - 1) + " more";
      text += "\n";
    }
    return text;
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> known_;
};

// Objects one after the other, by as many threads as there are processors.
class Gathering {
 public:
  Gathering(const std::vector<CompiledObject>& objects, const std::set<std::string>& counted,
            AskedGcov& gcov, const Progress& progress, RunRecording* recording)
      : objects_(objects),
        counted_(counted),
        gcov_(gcov),
        progress_(progress),
        recording_(recording) {}

  // The largest objects come first, while little else is in memory, and the threads end together.
  Gathered run() {
    for (const CompiledObject& object : objects_) {
      if (has_counted(object, counted_)) order_.push_back(&object);
    }
    std::sort(order_.begin(), order_.end(), [](const CompiledObject* a, const CompiledObject* b) {
      return a->bytes != b->bytes ? a->bytes > b->bytes : a < b;
    });
    run_workers(order_.size(), [this] { work(); });
    for (const auto& [notes, failure] : failures_) result_.failures.push_back(failure);
    std::sort(result_.warnings.begin(), result_.warnings.end());
    result_.by_gcov = by_gcov_.lines();
    return std::move(result_);
  }

 private:
  void work() {
    CoverageTable table;
    ObjectMemory memory;
    for (std::size_t i = next_++; i < order_.size(); i = next_++) {
      if (progress_) progress_(i, order_.size());
      const CompiledObject& object = *order_[i];
      if (auto failure = count(object, table, memory)) fail(object, *std::move(failure));
    }
    memory = {};
    const std::lock_guard lock(mutex_);
    result_.table.take(std::move(table));
  }

  // Why it is not counted; nothing if it is.
  std::optional<Error> count(const CompiledObject& object, CoverageTable& table,
                             ObjectMemory& memory) {
    std::string reason = why_not_read(object);
    if (reason.empty()) {
      try {
        const std::string warning = add_object(object, counted_, recording_, table, memory);
        if (!warning.empty()) warn(warning);
        return std::nullopt;
      } catch (const Error& error) {
        reason = error.cause();
      }
    }
    try {
      const AskedGcov::Answer answer = gcov_.ask(object);
      add_unit(object, answer.output.unit, counted_, table);
      record_lacking(object);
      by_gcov_.add(answer.program, reason, object.notes);
      return std::nullopt;
    } catch (const Error& error) {
      return Error("count", object.notes, reason + "; and " + error.cause())
          .hint(error.hint())
          .exit_code(kExitFailed);
    }
  }

  void record_lacking(const CompiledObject& object) {
    if (recording_ == nullptr) return;
    for (const auto& [name, source] : object.sources) {
      if (counted_.contains(source.file)) recording_->add_lacking(source.file);
    }
  }

  void fail(const CompiledObject& object, Error failure) {
    const std::lock_guard lock(mutex_);
    failures_.emplace(object.notes, std::move(failure));
  }

  void warn(const std::string& line) {
    const std::lock_guard lock(mutex_);
    result_.warnings.push_back(line);
  }

  const std::vector<CompiledObject>& objects_;
  const std::set<std::string>& counted_;
  std::vector<const CompiledObject*> order_;  // those that matter
  AskedGcov& gcov_;
  const Progress& progress_;
  RunRecording* recording_;
  CountedByGcov by_gcov_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::map<std::string, Error> failures_;  // by the .gcno
  Gathered result_;
};

void apply_markers(const std::string& path, TableSource& source, std::vector<std::string>& warnings,
                   RunRecording* recording) {
  const auto text = read_file_if_there(path);
  if (!text) return;
  const ExclusionMarkers markers = find_exclusion_markers(*text);
  for (const std::string& problem : markers.problems) {
    warnings.push_back("gentle: warning: read source '" + path + "': " + problem + ", continuing");
  }
  exclude(source, markers.lines, markers.branches);
  if (recording != nullptr) recording->add_source(path, *text, markers);
}

}  // namespace

Gathered gather_units(const std::vector<CompiledObject>& objects,
                      const std::set<std::string>& counted, AskedGcov& gcov,
                      const Progress& progress, RunRecording* recording) {
  return Gathering(objects, counted, gcov, progress, recording).run();
}

void finish_table(Gathered& gathered, RunRecording* recording) {
  name_functions(gathered.table);
  for (auto& [path, source] : gathered.table.sources()) {
    apply_markers(path, source, gathered.warnings, recording);
    look_for_odd_counts(path, source, gathered.warnings);
  }
}

}  // namespace gentle

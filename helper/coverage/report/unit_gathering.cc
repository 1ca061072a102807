#include "coverage/report/unit_gathering.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/exit_code.h"
#include "coverage/gcov/gcov_version.h"
#include "coverage/gcov/unit_counters.h"
#include "coverage/gcov/unit_lines.h"
#include "coverage/gcov/unit_notes.h"
#include "coverage/table/exclusion_markers.h"
#include "os/data_file.h"
#include "os/file.h"
#include "os/worker_threads.h"

namespace gentle {
namespace {

// A huge unit has some hundred megabytes of notes.
constexpr std::size_t kLargestNotes = std::size_t{4} << 30U;

UnitCounters counters_of(const CompiledObject& object, const UnitNotes& notes) {
  const std::string data = data_of(object.notes);
  if (!is_regular_file(data)) return no_counters(notes);
  return read_unit_counters(read_data_file(data), notes);
}

bool has_counted(const CompiledObject& object, const std::set<std::string>& counted) {
  return std::any_of(object.sources.begin(), object.sources.end(),
                     [&](const auto& source) { return counted.contains(source.second.file); });
}

void add_object(const CompiledObject& object, const std::set<std::string>& counted,
                CoverageTable& table) {
  const std::string bytes = read_data_file(object.notes, kLargestNotes);
  const UnitNotes notes = read_unit_notes(bytes, object.notes, is_folder);
  const UnitLines unit = count_unit_lines(notes, counters_of(object, notes));
  for (const SourceCount& source : unit.sources) {
    const auto known = object.sources.find(plain_name(source.name));
    if (known == object.sources.end() || !counted.contains(known->second.file)) continue;
    table.add(known->second.file, unit, source);
  }
}

// Objects one after the other, by as many threads as there are processors.
class Gathering {
 public:
  Gathering(const std::vector<CompiledObject>& objects, const std::set<std::string>& counted)
      : objects_(objects), counted_(counted) {}

  Gathered run() {
    run_workers(objects_.size(), [this] { work(); });
    return std::move(result_);
  }

 private:
  void work() {
    CoverageTable table;
    std::vector<Error> failures;
    for (std::size_t i = next_++; i < objects_.size(); i = next_++) {
      if (!has_counted(objects_[i], counted_)) continue;
      try {
        add_object(objects_[i], counted_, table);
      } catch (const Error& error) {
        failures.push_back(Error("count", objects_[i].notes, error.cause()).exit_code(kExitFailed));
      }
    }
    const std::lock_guard lock(mutex_);
    result_.table.add(table);
    result_.failures.insert(result_.failures.end(), failures.begin(), failures.end());
  }

  const std::vector<CompiledObject>& objects_;
  const std::set<std::string>& counted_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  Gathered result_;
};

void apply_markers(const std::string& path, TableSource& source,
                   std::vector<std::string>& warnings) {
  const auto text = read_file_if_there(path);
  if (!text) return;
  const ExclusionMarkers markers = find_exclusion_markers(*text);
  for (const std::string& problem : markers.problems) {
    warnings.push_back("gentle: warning: read source '" + path + "': " + problem + ", continuing");
  }
  for (const std::uint32_t number : markers.lines) {
    if (const auto line = source.lines.find(number); line != source.lines.end()) {
      line->second.is_excluded = true;
    }
  }
  for (const std::uint32_t number : markers.branches) {
    if (const auto line = source.lines.find(number); line != source.lines.end()) {
      line->second.groups.clear();
    }
  }
}

// As threads leave them that count without -fprofile-update=atomic. None is shown: it would stand
// for "so many times less than never".
void take_negative_for_none(const std::string& path, TableSource& source,
                            std::vector<std::string>& warnings) {
  std::uint32_t first = 0;
  const auto clear = [&](std::int64_t& count, std::uint32_t line) {
    if (count >= 0) return;
    count = 0;
    if (first == 0) first = line;
  };
  for (auto& [number, line] : source.lines) {
    clear(line.count, number);
    for (BranchGroup& group : line.groups) {
      for (TableBranch& branch : group.branches) clear(branch.count, number);
    }
  }
  for (auto& [key, function] : source.functions) clear(function.count, key.second);
  if (first == 0) return;
  warnings.push_back("gentle: warning: count source '" + path +
                     "': its counts are below zero, at line " + std::to_string(first) +
                     " first, as threads leave them that count at the same time; they are taken "
                     "for 0, -fprofile-update=atomic keeps them, continuing");
}

}  // namespace

bool can_gather(const std::vector<CompiledObject>& objects) {
  return std::all_of(objects.begin(), objects.end(), [](const CompiledObject& object) {
    const auto header = header_of_notes(object.notes);
    return header && !header->big_endian && find_gcov_format(header->version);
  });
}

Gathered gather_units(const std::vector<CompiledObject>& objects,
                      const std::set<std::string>& counted) {
  Gathered gathered = Gathering(objects, counted).run();
  for (auto& [path, source] : gathered.table.sources()) {
    apply_markers(path, source, gathered.warnings);
    take_negative_for_none(path, source, gathered.warnings);
  }
  return gathered;
}

}  // namespace gentle

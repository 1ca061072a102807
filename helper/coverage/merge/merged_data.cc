#include "coverage/merge/merged_data.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include "base/error.h"
#include "base/exit_code.h"
#include "coverage/fold/data_folders.h"
#include "coverage/fold/data_sum.h"
#include "coverage/fold/folding.h"
#include "coverage/fold/transaction.h"
#include "coverage/gcov/gcda_reader.h"
#include "coverage/gcov/gcno.h"
#include "coverage/languages/go_files.h"
#include "coverage/languages/go_format.h"
#include "coverage/languages/hits.h"
#include "coverage/languages/java_recorder.h"
#include "coverage/llvm/llvm_profile.h"
#include "coverage/merge/object_files.h"
#include "os/file.h"
#include "os/worker_threads.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNoNotes = "there is no .gcno for it, as of another build";

using Sources = std::map<std::string, std::vector<std::string>>;  // .gcda: own files for it

// What became of the files of processes for one .gcda.
struct Outcome {
  std::vector<std::string> warnings;
  std::vector<std::string> without_notes;  // set aside
  std::vector<std::string> of_no_object;   // these, and those of other compilations
  bool counted = false;
};

// The files in it; `profiles`: those of clang's source-based coverage.
ProcessData list_files(const std::string& folder, MergedData& merged) {
  ProcessData data;
  for (const std::string& path : files_below(folder)) {
    if (path.ends_with(".gcda")) data.files.push_back({path.substr(folder.size()), path});
    if (path.ends_with(".profraw")) merged.profiles.push_back(path);
    if (language_of_hits(path)) merged.hits.push_back(path);
  }
  return data;
}

// Of all processes that have ended.
std::vector<ProcessData> list_processes(const std::string& data, MergedData& merged) {
  std::vector<ProcessData> processes = processes_in_sums(data);
  for (const std::string& folder : ended_process_folders(data)) {
    processes.push_back(list_files(folder, merged));
  }
  list_files(data + kPlain, merged);
  for (const std::string& name : entries_of(data + kGoFolder)) {
    const bool is_ours = name.starts_with(kGoMeta) || name.starts_with(kGoCounters);
    if (is_ours) merged.go.push_back(data + kGoFolder + "/" + name);
  }
  return processes;
}

Sources sources_of(const std::vector<ProcessData>& processes) {
  std::map<std::string, std::set<std::string>> paths;  // in sums, processes share files
  for (const ProcessData& process : processes) {
    for (const auto& [name, path] : process.files) paths[name].insert(path);
  }
  Sources sources;
  for (const auto& [name, some] : paths) sources[name].assign(some.begin(), some.end());
  return sources;
}

// Whether there is anything, be it a link to nothing.
bool has_entry(const std::string& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

// Where the .gcno of the data is: beside the path that the data names, or, of one that was moved,
// among those of OBJECTS. The path of the .gcda there.
std::string find_target(const std::string& named, const std::vector<std::string>& sources,
                        const KnownObjects& known) {
  if (header_of_notes(notes_of(named))) return named;
  const std::string name = "/" + notes_of(named.substr(named.rfind('/') + 1));
  for (const std::string& notes : known.files.others) {
    if (!notes.ends_with(name)) continue;
    const auto header = header_of_notes(notes);
    if (!header) continue;
    for (const std::string& source : sources) {
      try {
        if (check_data(read_data(source), *header) == DataFault::kNone) return data_of(notes);
      } catch (const Error&) {
        // It will be named.
      }
    }
  }
  return named;
}

// One .gcda beside its .gcno, and all that is to be added to it.
class Merging {
 public:
  explicit Merging(const std::string& target)
      : target_(target), notes_(header_of_notes(notes_of(target))) {}

  void add(const std::string& path) {
    std::string bytes;
    try {
      bytes = read_data(path);
    } catch (const Error& error) {
      return reject(path, error.cause());
    }
    if (!notes_) return reject_without_notes(path);
    switch (check_data(bytes, *notes_)) {
      case DataFault::kTruncated:
        return reject(path, kGcdaTruncated);
      case DataFault::kForeign:
        if (path != target_) outcome_.of_no_object.push_back(path);
        return reject(path, "it does not belong to the object file of that name");
      case DataFault::kNone:
        break;
    }
    try {
      sum_.add(bytes, path);
      merged_.push_back(path);
    } catch (const Error& error) {
      reject(path, error.cause());
    }
  }

  Outcome finish(Transaction& transaction) {
    if (!sum_.empty()) transaction.replace(target_, sum_.bytes());
    for (const std::string& path : merged_) {
      if (path == target_) continue;
      outcome_.counted = true;
      transaction.remove(path);
    }
    return std::move(outcome_);
  }

 private:
  void reject(const std::string& path, const std::string& cause) {
    outcome_.warnings.push_back(set_data_aside(path, target_, cause));
  }

  // Of a program of another build there may be thousands, which are told folder by folder.
  void reject_without_notes(const std::string& path) {
    outcome_.of_no_object.push_back(path);
    std::error_code error;
    fs::rename(path, path + kSetAside, error);
    if (error) {
      outcome_.warnings.push_back(set_data_aside(path, path, kNoNotes));
    } else {
      outcome_.without_notes.push_back(path);
    }
  }

  std::string target_;
  std::optional<NotesHeader> notes_;
  DataSum sum_;
  std::vector<std::string> merged_;
  Outcome outcome_;
};

// Of a .profraw; "" if it is, or if only llvm-profdata can tell: of a 32-bit program or of a newer
// clang.
std::string why_not_counted(const std::string& path) {
  try {
    const std::string bytes = read_data(path);
    const auto header = read_llvm_header(bytes);
    if (!header || header->is_readable) parse_llvm_profile(bytes, path);
  } catch (const Error& error) {
    return error.cause();
  }
  return "";
}

bool is_of_earlier_run(const std::string& target, const KnownObjects& known) {
  const std::vector<std::string>& notes = known.files.notes;
  if (!known.reset || std::binary_search(notes.begin(), notes.end(), notes_of(target)))
    return false;
  std::error_code error;
  const auto time = fs::last_write_time(target, error);
  return !error && time < *known.reset;
}

Outcome merge_target(const std::string& target, const std::vector<std::string>& sources,
                     const KnownObjects& known, Transaction& transaction) {
  Merging merging(target);
  // What processes wrote there that nobody gave a folder to.
  if (has_entry(target) && !is_of_earlier_run(target, known)) {
    merging.add(target);
  }
  for (const std::string& source : sources) merging.add(source);
  return merging.finish(transaction);
}

// By the .gcda beside each .gcno.
std::map<std::string, Outcome> merge_targets(const Sources& sources, const KnownObjects& known,
                                             Transaction& transaction) {
  std::vector<const Sources::value_type*> work;
  for (const auto& entry : sources) work.push_back(&entry);
  std::vector<Outcome> outcomes(work.size());
  std::atomic<std::size_t> next = 0;
  run_workers(work.size(), [&] {
    for (std::size_t i = next++; i < work.size(); i = next++) {
      outcomes[i] = merge_target(work[i]->first, work[i]->second, known, transaction);
    }
  });
  std::map<std::string, Outcome> by_target;
  for (std::size_t i = 0; i < work.size(); ++i) by_target[work[i]->first] = std::move(outcomes[i]);
  return by_target;
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// One line a folder.
std::vector<std::string> told_without_notes(const std::map<std::string, Outcome>& outcomes) {
  std::map<std::string, std::vector<std::string>> by_folder;
  for (const auto& [target, outcome] : outcomes) {
    for (const std::string& path : outcome.without_notes) {
      by_folder[folder_of(target)].push_back(path);
    }
  }
  std::vector<std::string> lines;
  for (const auto& [folder, paths] : by_folder) {
    const bool one = paths.size() == 1;
    const std::string what = one ? "'" + paths[0] + "': " + kNoNotes
                                 : "of object files in '" + folder + "': there is no .gcno for " +
                                       std::to_string(paths.size()) +
                                       " .gcda files, as of another build";
    lines.push_back("gentle: warning: count data " + what + "; set aside as " +
                    (one ? paths[0] : "*.gcda") + kSetAside + ", continuing");
  }
  return lines;
}

// A process whose data all belongs to no object file would be in no report, and nobody would know.
void tell_processes(const std::vector<ProcessData>& processes,
                    const std::map<std::string, std::string>& targets,
                    const std::map<std::string, Outcome>& outcomes, MergedData& merged) {
  for (const ProcessData& process : processes) {
    if (process.files.empty()) continue;
    const bool nothing_counts =
        std::all_of(process.files.begin(), process.files.end(), [&](const ProcessData::File& file) {
          const std::vector<std::string>& out = outcomes.at(targets.at(file.name)).of_no_object;
          return std::find(out.begin(), out.end(), file.path) != out.end();
        });
    if (nothing_counts) {
      for (const auto& file : process.files) merged.uncounted.push_back(folder_of(file.name));
      continue;
    }
    std::vector<std::string>& objects = merged.processes.emplace_back();
    for (const auto& file : process.files) objects.push_back(notes_of(targets.at(file.name)));
  }
  std::sort(merged.uncounted.begin(), merged.uncounted.end());
  merged.uncounted.erase(std::unique(merged.uncounted.begin(), merged.uncounted.end()),
                         merged.uncounted.end());
}

// Merges and removes, all of it or nothing: also if it is killed meanwhile.
std::map<std::string, Outcome> merge_all(const std::string& data, const Sources& sources,
                                         const KnownObjects& known, MergedData& merged) {
  try {
    Transaction transaction(transaction_log(data));
    auto outcomes = merge_targets(sources, known, transaction);
    forget_processes_in_sums(data, transaction);
    for (const auto& [path, cause] : transaction.commit()) {
      merged.warnings.push_back("gentle: warning: remove '" + path + "': " + cause +
                                "; what it holds will count again, continuing");
    }
    return outcomes;
  } catch (Error& error) {  // the folder may be one of another build
    throw error
        .hint(
            "counts are added up beside the object files: have that folder writable; or do "
            "without: COVERAGE OFF of the service")
        .exit_code(kExitFailed);
  }
}

}  // namespace

MergedData merge_process_folders(const std::string& coverage_folder, const KnownObjects& known) {
  const DataLock lock(coverage_folder, DataLock::Wait::kYes);
  finish_folding(coverage_folder);
  MergedData merged;
  const std::vector<ProcessData> processes = list_processes(coverage_folder, merged);
  Sources sources;
  std::map<std::string, std::string> targets;
  for (const auto& [named, paths] : sources_of(processes)) {
    const std::string& target = targets[named] = find_target(named, paths, known);
    std::vector<std::string>& all = sources[target];
    all.insert(all.end(), paths.begin(), paths.end());
  }
  const auto outcomes = merge_all(coverage_folder, sources, known, merged);
  for (const auto& [target, outcome] : outcomes) {
    if (outcome.counted) merged.objects.push_back(notes_of(target));
    merged.warnings.insert(merged.warnings.end(), outcome.warnings.begin(), outcome.warnings.end());
  }
  for (std::string& line : told_without_notes(outcomes)) merged.warnings.push_back(std::move(line));
  tell_processes(processes, targets, outcomes, merged);
  std::erase_if(merged.profiles, [&](const std::string& path) {
    const std::string cause = why_not_counted(path);
    if (!cause.empty()) merged.warnings.push_back(set_data_aside(path, path, cause));
    return !cause.empty();
  });
  remove_empty_data_folders(coverage_folder);
  return merged;
}

void remove_process_folders(const std::string& coverage_folder) {
  const DataLock lock(coverage_folder, DataLock::Wait::kYes);
  remove_tree(transaction_log(coverage_folder));
  for (const char* folder : {kSums, kPlain}) remove_tree(coverage_folder + folder);
  // The folder itself stays: the Go programs that run now write there.
  const std::string go = coverage_folder + kGoFolder;
  for (const std::string& name : entries_of(go)) remove_tree(go + "/" + name);
  for (const std::string& folder : ended_process_folders(coverage_folder)) remove_tree(folder);
  remove_empty_data_folders(coverage_folder);
  // What runs now has recorded its classes there.
  if (run_folders(coverage_folder).empty()) remove_tree(coverage_folder + kKeptClasses);
}

}  // namespace gentle

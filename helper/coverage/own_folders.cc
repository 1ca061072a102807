#include "coverage/own_folders.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "base/error.h"
#include "base/number.h"
#include "coverage/clang_gcda.h"
#include "coverage/gcda.h"
#include "coverage/gcov_data.h"
#include "coverage/llvm_profile.h"
#include "coverage/object_files.h"
#include "os/file.h"
#include "os/process.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kMostThreads = 16;
constexpr const char* kTruncated = "it is truncated, its process was killed while writing it";

using Sources = std::map<std::string, std::vector<std::string>>;  // .gcda: own files for it

// Of a supervisor or a `gentle run`: "<pid>-<start time>".
bool runs_still(const std::string& run) {
  const std::size_t dash = run.find('-');
  if (dash == std::string::npos) return false;
  const auto pid = parse_integer<int>(run.substr(0, dash), 1, 1 << 30);
  const auto start = parse_integer<std::uint64_t>(run.substr(dash + 1), 0, UINT64_MAX);
  return pid && start && is_alive({*pid, *start});
}

std::vector<std::string> run_folders(const std::string& data) {
  std::vector<std::string> groups = {data + "/tests"};
  for (const std::string& service : entries_of(data + "/services")) {
    groups.push_back(data + "/services/" + service);
  }
  std::vector<std::string> runs;
  for (const std::string& group : groups) {
    for (const std::string& run : entries_of(group)) runs.push_back(group + "/" + run);
  }
  return runs;
}

// Those of processes that have ended: of a run that goes on, the ones that were set aside.
std::vector<std::string> process_folders(const std::string& run) {
  const bool goes_on = runs_still(run.substr(run.rfind('/') + 1));
  std::vector<std::string> folders;
  for (const std::string& name : entries_of(run)) {
    if (!goes_on || name.find('.') != std::string::npos) folders.push_back(run + "/" + name);
  }
  return folders;
}

void list_files(const std::string& folder, Sources& sources, std::vector<std::string>& profiles) {
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    const std::string path = at->path().string();
    if (path.ends_with(".gcda")) sources[path.substr(folder.size())].push_back(path);
    if (path.ends_with(".profraw")) profiles.push_back(path);
  }
}

std::string set_aside(const std::string& path, const std::string& name, const std::string& cause) {
  std::error_code error;
  const std::string to = name + kSetAside;
  fs::rename(path, to, error);
  return "gentle: warning: count data '" + path + "': " + cause + "; set aside as " + to +
         ", continuing";
}

// One .gcda beside its .gcno, and all that is to be added to it.
class Merging {
 public:
  explicit Merging(const std::string& target) : target_(target) {
    const auto notes = read_file_if_there(notes_of(target));
    if (notes) notes_ = read_notes_header(*notes);
  }

  void add(const std::string& path) {
    const std::string bytes = read_file(path);
    if (!notes_) return reject(path, "there is no .gcno for it, as of another build");
    switch (check_data(bytes, *notes_)) {
      case DataFault::kTruncated:
        return reject(path, kTruncated);
      case DataFault::kForeign:
        return reject(path, "it does not belong to the object file of that name");
      case DataFault::kNone:
        break;
    }
    try {
      add_bytes(bytes, path);
      merged_.push_back(path);
    } catch (const Error& error) {
      reject(path, error.cause());
    }
  }

  // Only then what was added is removed.
  void finish() {
    if (!sum_.empty()) write_file_atomically(target_, sum_);
    if (data_) write_file_atomically(target_, serialize(*data_));
    for (const std::string& path : merged_) {
      std::error_code error;
      if (path == target_ || fs::remove(path, error) || !error) continue;
      warnings_.push_back("gentle: warning: remove '" + path + "': " + error.message() +
                          "; what it holds will count again, continuing");
    }
  }

  std::vector<std::string> take_warnings() { return std::move(warnings_); }

 private:
  void add_bytes(const std::string& bytes, const std::string& path) {
    if (is_clang_gcda(bytes)) {
      sum_ = sum_.empty() ? bytes : merge_clang_gcda(sum_, bytes, path);
      return;
    }
    Gcda data = parse_gcda(bytes, path);
    if (data_) {
      merge(*data_, data, path);
    } else {
      data_ = std::move(data);
    }
  }

  void reject(const std::string& path, const std::string& cause) {
    warnings_.push_back(set_aside(path, notes_ ? target_ : path, cause));
  }

  std::string target_;
  std::optional<NotesHeader> notes_;
  std::optional<Gcda> data_;  // of gcc
  std::string sum_;           // of clang
  std::vector<std::string> merged_;
  std::vector<std::string> warnings_;
};

std::vector<std::string> merge_target(const std::string& target,
                                      const std::vector<std::string>& sources) {
  Merging merging(target);
  // What processes wrote there that nobody gave a folder to.
  if (file_exists(target)) merging.add(target);
  for (const std::string& source : sources) merging.add(source);
  merging.finish();
  return merging.take_warnings();
}

std::vector<std::string> merge_all(const Sources& sources) {
  std::vector<const Sources::value_type*> work;
  for (const auto& entry : sources) work.push_back(&entry);
  std::vector<std::vector<std::string>> warnings(work.size());
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  const auto take = [&] {
    try {
      for (std::size_t i = next++; i < work.size(); i = next++) {
        warnings[i] = merge_target(work[i]->first, work[i]->second);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
      next = work.size();
    }
  };
  std::vector<std::thread> threads;
  const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads);
  for (std::size_t i = 1; i < std::min<std::size_t>(cores, work.size()); ++i) {
    threads.emplace_back(take);
  }
  take();
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
  std::vector<std::string> all;
  for (const auto& lines : warnings) all.insert(all.end(), lines.begin(), lines.end());
  return all;
}

}  // namespace

MergedData merge_own_folders(const std::string& data_folder) {
  MergedData merged;
  Sources sources;
  for (const std::string& run : run_folders(data_folder)) {
    for (const std::string& folder : process_folders(run)) {
      list_files(folder, sources, merged.profiles);
    }
  }
  merged.warnings = merge_all(sources);
  std::erase_if(merged.profiles, [&](const std::string& path) {
    if (is_whole_llvm_profile(read_file(path))) return false;
    merged.warnings.push_back(set_aside(path, path, kTruncated));
    return true;
  });
  return merged;
}

void remove_own_folders(const std::string& data_folder) {
  for (const std::string& run : run_folders(data_folder)) {
    for (const std::string& folder : process_folders(run)) remove_tree(folder);
    ::rmdir(run.c_str());  // if nothing runs there
  }
}

}  // namespace gentle

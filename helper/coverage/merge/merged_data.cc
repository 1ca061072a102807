#include "coverage/merge/merged_data.h"

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
#include "base/process_id.h"
#include "coverage/gcov/clang_gcda.h"
#include "coverage/gcov/gcda.h"
#include "coverage/gcov/gcda_reader.h"
#include "coverage/gcov/gcno.h"
#include "coverage/llvm/llvm_profile.h"
#include "coverage/merge/object_files.h"
#include "os/file.h"
#include "os/process.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kMostThreads = 16;

using Sources = std::map<std::string, std::vector<std::string>>;  // .gcda: own files for it

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
  const auto owner = parse_process_id(run.substr(run.rfind('/') + 1));
  const bool goes_on = owner && is_alive(*owner);
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
    // A build folder may have such a name, too.
    if (at->is_directory(error) && !at->is_symlink(error)) continue;
    const std::string path = at->path().string();
    if (path.ends_with(".gcda")) sources[path.substr(folder.size())].push_back(path);
    if (path.ends_with(".profraw")) profiles.push_back(path);
  }
}

// Whether there is anything, be it a link to nothing.
bool has_entry(const std::string& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

std::optional<NotesHeader> read_notes(const std::string& path) {
  try {
    return read_notes_header(read_data(path));
  } catch (const Error&) {
    return std::nullopt;
  }
}

// One .gcda beside its .gcno, and all that is to be added to it.
class Merging {
 public:
  explicit Merging(const std::string& target)
      : target_(target), notes_(read_notes(notes_of(target))) {}

  void add(const std::string& path) {
    std::string bytes;
    try {
      bytes = read_data(path);
    } catch (const Error& error) {
      return reject(path, error.cause());
    }
    if (!notes_) return reject(path, "there is no .gcno for it, as of another build");
    switch (check_data(bytes, *notes_)) {
      case DataFault::kTruncated:
        return reject(path, kGcdaTruncated);
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
    warnings_.push_back(set_data_aside(path, notes_ ? target_ : path, cause));
  }

  std::string target_;
  std::optional<NotesHeader> notes_;
  std::optional<Gcda> data_;  // of gcc
  std::string sum_;           // of clang
  std::vector<std::string> merged_;
  std::vector<std::string> warnings_;
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

std::vector<std::string> merge_target(const std::string& target,
                                      const std::vector<std::string>& sources) {
  Merging merging(target);
  // What processes wrote there that nobody gave a folder to.
  if (has_entry(target)) merging.add(target);
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

MergedData merge_process_folders(const std::string& coverage_folder) {
  MergedData merged;
  Sources sources;
  for (const std::string& run : run_folders(coverage_folder)) {
    for (const std::string& folder : process_folders(run)) {
      list_files(folder, sources, merged.profiles);
    }
  }
  merged.warnings = merge_all(sources);
  std::erase_if(merged.profiles, [&](const std::string& path) {
    const std::string cause = why_not_counted(path);
    if (!cause.empty()) merged.warnings.push_back(set_data_aside(path, path, cause));
    return !cause.empty();
  });
  return merged;
}

void remove_process_folders(const std::string& coverage_folder) {
  for (const std::string& run : run_folders(coverage_folder)) {
    for (const std::string& folder : process_folders(run)) remove_tree(folder);
    ::rmdir(run.c_str());  // if nothing runs there
  }
}

}  // namespace gentle

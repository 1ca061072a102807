#include "coverage/fold/data_folders.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "base/number.h"
#include "base/process_id.h"
#include "os/file.h"
#include "os/folder_walk.h"
#include "os/process.h"

namespace gentle {
namespace {

constexpr unsigned long long kBlock = 512;  // of st_blocks: stat(2)

}  // namespace

DataLock::DataLock(const std::string& data, Wait wait)
    : folder_(::open(data.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (!folder_) return;
  int result = 0;
  do {
    result = ::flock(folder_.get(), wait == Wait::kYes ? LOCK_EX : LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  held_ = result == 0;
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

bool goes_on(const std::string& run) {
  const auto owner = parse_process_id(run.substr(run.rfind('/') + 1));
  return owner && is_alive(*owner);
}

std::vector<std::string> process_folders(const std::string& run) {
  const bool is_open = goes_on(run);
  std::vector<std::string> folders;
  for (const std::string& name : entries_of(run)) {
    if (!is_open || name.find('.') != std::string::npos) folders.push_back(run + "/" + name);
  }
  return folders;
}

bool is_final(const std::string& process_folder) {
  const std::string name = process_folder.substr(process_folder.rfind('/') + 1);
  const std::size_t dot = name.find('.');
  const auto pid = parse_integer<int>(name.substr(0, dot), 1, 1 << 30);
  if (!pid) return false;
  if (dot != std::string::npos) return true;
  return ::kill(*pid, 0) != 0 && errno == ESRCH;
}

std::vector<std::string> ended_process_folders(const std::string& data) {
  std::vector<std::string> folders;
  for (const std::string& run : run_folders(data)) {
    for (std::string& folder : process_folders(run)) folders.push_back(std::move(folder));
  }
  for (const std::string& name : entries_of(data + kApart)) {
    folders.push_back(data + kApart + "/" + name);
  }
  return folders;
}

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  // A build folder may have the name of a file, too.
  walk_folder(folder, [&](const std::filesystem::path& path, bool is_folder) {
    std::error_code unknown;
    if (!is_folder || std::filesystem::is_symlink(path, unknown)) files.push_back(path.string());
    return true;
  });
  return files;
}

void remove_empty_folders(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_symlink(error) || !at->is_directory(error)) continue;
    remove_empty_folders(at->path().string());
  }
  ::rmdir(folder.c_str());  // refuses if there is anything
}

void remove_empty_data_folders(const std::string& data) {
  for (const std::string& folder : ended_process_folders(data)) {
    if (is_final(folder)) remove_empty_folders(folder);
  }
  for (const std::string& run : run_folders(data)) {
    if (!goes_on(run)) ::rmdir(run.c_str());
  }
  for (const std::string& service : entries_of(data + "/services")) {
    ::rmdir((data + "/services/" + service).c_str());
  }
  for (const char* group : {"/services", "/tests"}) ::rmdir((data + group).c_str());
  for (const char* group : {kSums, kApart, kPlain}) remove_empty_folders(data + group);
}

DataUse data_use(const std::string& data) {
  DataUse use;
  for (const char* group : {"/services", "/tests", kSums, kApart, kPlain}) {
    for (const std::string& path : files_below(data + group)) {
      struct stat info {};
      if (::lstat(path.c_str(), &info) != 0) continue;  // added up meanwhile
      use.bytes += static_cast<unsigned long long>(info.st_blocks) * kBlock;
      ++use.files;
    }
  }
  return use;
}

}  // namespace gentle

#include "coverage/keep/process_folders.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/number.h"
#include "os/file.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

// It may be that of another user.
void remove_empty(const std::string& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
}

}  // namespace

// %p is the pid in both: libgcov-driver-system.c (replace_filename_variables, since gcc 10) and
// InstrProfilingFile.c. %m keeps the program and its libraries apart, which write a file each.
void ProcessFolders::add_environment(Environment& environment) const {
  environment.set("GCOV_PREFIX", folder_ + "/%p");
  environment.set("GCOV_PREFIX_STRIP", "0");
  environment.set("LLVM_PROFILE_FILE", folder_ + "/%p/%m.profraw");
}

bool ProcessFolders::has_files(int pid) const {
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder_of(pid), error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_directory(error)) return true;
  }
  return false;
}

void ProcessFolders::make() const {
  try {
    make_folders(folder_, 0777);
  } catch (const Error&) {
    // The process may be able to.
  }
}

bool ProcessFolders::has_clang_gcov_data() const { return file_exists(folder_ + "/%p"); }

bool ProcessFolders::set_aside(int pid, bool has_data) {
  const std::string from = folder_of(pid);
  if (!has_data && !file_exists(from)) return false;
  if (!has_data && !has_files(pid)) {
    remove_empty(from);
    return false;
  }
  const std::string to = from + "." + std::to_string(next_);
  if (std::rename(from.c_str(), to.c_str()) != 0) return errno != ENOENT;
  ++next_;
  return true;
}

void ProcessFolders::take_over(int own_pid, int pid) {
  if (own_pid == pid || !has_files(own_pid)) return;
  if (has_files(pid)) {
    set_aside(own_pid);
    return;
  }
  remove_empty(folder_of(pid));
  std::rename(folder_of(own_pid).c_str(), folder_of(pid).c_str());
}

std::vector<int> ProcessFolders::open_folders() const {
  std::vector<int> pids;
  for (const std::string& name : entries_of(folder_)) {
    if (const auto pid = parse_integer<int>(name, 1, 1 << 30)) pids.push_back(*pid);
  }
  return pids;
}

void ProcessFolders::discard(int pid) const { remove_tree(folder_of(pid)); }

}  // namespace gentle

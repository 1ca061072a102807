// What is in the coverage data folder of a build (keep/coverage_paths.h), and whose turn it is
// there:
//   services/<service>/<run>/<pid>.<n>/  and  tests/<run>/<pid>.<n>/   of one process each
//   sums/, apart/, transaction                                        see folding.h
// While a process lives its folder is called <pid>; so is that of a main process for good.
#pragma once

#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace gentle {

inline constexpr const char* kSums = "/sums";
inline constexpr const char* kApart = "/apart";
// Profiles of programs that nobody followed: ctest and clang are told of it by read_tests.cmake and
// coverage_instrument.cmake.
inline constexpr const char* kPlain = "/plain";

// Whoever adds up or removes the data of ended processes holds it meanwhile.
class DataLock {
 public:
  // Where the file system has no flock(2) nobody ever holds it.
  enum class Wait { kNo, kYes };
  DataLock(const std::string& data, Wait wait);

  bool held() const { return held_; }

 private:
  UniqueFd folder_;
  bool held_ = false;
};

// Folders with a folder for each process.
std::vector<std::string> run_folders(const std::string& data);

// A supervisor or a `gentle run` that has not ended.
bool goes_on(const std::string& run);

// Of processes that have ended: of a run that goes on, the ones that were set aside.
std::vector<std::string> process_folders(const std::string& run);

// Nobody writes there any more: neither a process that outlives its supervisor, nor whoever comes
// ("%p", to which clang's runtime adds).
bool is_final(const std::string& process_folder);

// Those of all runs, and what folding.h has set apart.
std::vector<std::string> ended_process_folders(const std::string& data);

// All files below, without links to folders; none if it cannot be read.
std::vector<std::string> files_below(const std::string& folder);

// Empty folders below and at `folder` go.
void remove_empty_folders(const std::string& folder);

// The same of all that runs which have ended, and no others, have left.
void remove_empty_data_folders(const std::string& data);

// What the data of processes takes on the disk.
struct DataUse {
  unsigned long long bytes = 0;
  unsigned long long files = 0;
};
DataUse data_use(const std::string& data);

}  // namespace gentle

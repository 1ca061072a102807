// All own folders of a build (coverage_paths.h): what is in them becomes the one .gcda beside each
// .gcno, where gcov, gcovr and `ctest -T Coverage` look for it.
#pragma once

#include <string>
#include <vector>

namespace gentle {

struct MergedData {
  std::vector<std::string> warnings;  // about files that cannot be counted, one line each
  std::vector<std::string> profiles;  // paths of .profraw files, which stay where they are
};

// Adds what ended processes have counted to the files beside the .gcno, and removes it from their
// folders. What is truncated or belongs to no object file is set aside and never stops the rest.
// The data of services that run stays for later.
MergedData merge_process_folders(const std::string& coverage_folder);

// Removes the data of ended processes.
void remove_process_folders(const std::string& coverage_folder);

}  // namespace gentle

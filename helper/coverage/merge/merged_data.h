// All own folders of a build (coverage_paths.h): what is in them becomes the one .gcda beside each
// .gcno, where gcov, gcovr and `ctest -T Coverage` look for it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "coverage/merge/object_files.h"

namespace gentle {

struct MergedData {
  std::vector<std::string> warnings;  // about files that cannot be counted, one line each
  std::vector<std::string> profiles;  // paths of .profraw files, which stay where they are
  std::vector<std::string> hits;      // paths of what recorders wrote (languages/); they stay too
  std::vector<std::string> go;        // paths of covmeta and covcounters files, likewise
  std::vector<std::string> objects;   // .gcno of what processes have counted
  std::vector<std::vector<std::string>> processes;  // the same for each process
  // Of processes of which nothing can be counted: folders where their object files were compiled.
  std::vector<std::string> uncounted;
};

// What is known of object files before the data of processes names more of them.
struct KnownObjects {
  ObjectFiles files = {};
  // Of the last reset, which could not remove the .gcda of objects that nobody knew: if it is older
  // than that, it is of an earlier run.
  std::optional<std::filesystem::file_time_type> reset = {};
};

// Adds what ended processes have counted to the files beside the .gcno, and removes it from their
// folders. An object that was compiled elsewhere and moved is found among those of other builds, by
// its name and stamp. What is truncated or belongs to no object file is set aside and never stops
// the rest. The data of services that run stays for later.
MergedData merge_process_folders(const std::string& coverage_folder,
                                 const KnownObjects& known = {});

// Removes the data of ended processes.
void remove_process_folders(const std::string& coverage_folder);

}  // namespace gentle

// The coverage files of a build: those in the folders of its targets, as `ctest -T Coverage` sees
// them. So what CMake compiles to try the compiler, and what other projects left in the build
// folder, is out.
#pragma once

#include <string>
#include <vector>

namespace gentle {

struct ObjectFiles {
  std::vector<std::string> folders;    // of targets with at least one .gcno
  std::vector<std::string> notes;      // .gcno
  std::vector<std::string> data;       // .gcda
  std::vector<std::string> set_aside;  // .gcda that an earlier report took out of the count
};

// What a .gcda is renamed to when it cannot be counted, so that neither gcovr nor ctest takes it
// for one.
inline constexpr const char* kSetAside = ".set-aside";

// All lists sorted. With a configuration, only its own folder in each target's folder. Throws Error
// if the build folder is none of CMake's.
ObjectFiles find_object_files(const std::string& build_dir, const std::string& config);

// a.cc.gcda -> a.cc.gcno.
std::string notes_of(const std::string& data);
std::string data_of(const std::string& notes);

// The bytes of a regular file. Throws Error for anything else that has its name: a folder, a FIFO,
// a link to nothing.
std::string read_data(const std::string& path);

// Takes a file (or whatever stands there) out of the count, as `name` with the suffix above.
// Returns the warning.
std::string set_data_aside(const std::string& path, const std::string& name,
                           const std::string& cause);

// The compiler, gcovr and ctest may name one file by different links: this is how they are
// compared.
std::string path_without_links(const std::string& path);

}  // namespace gentle

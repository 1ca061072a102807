// The object files that count: those in the folders of a build's targets, as `ctest -T Coverage`
// sees them, and of other builds (make, meson, ExternalProject) what is named: all in the folders
// of OBJECTS, and each one that a process of the run has counted, wherever it is. So what CMake
// compiles to try the compiler, and what other projects left in the build folder, is out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/gcov/gcno.h"
#include "os/data_file.h"

namespace gentle {

struct ObjectPlaces {
  std::string build_dir;                  // of CMake; "": none
  std::string config = {};                // only its own folder in each target's; "": all
  std::vector<std::string> folders = {};  // of other builds, looked through as a whole
  std::vector<std::string> others = {};   // .gcno of other builds elsewhere
};

struct ObjectFiles {
  std::vector<std::string> notes;          // .gcno
  std::vector<std::string> data;           // .gcda
  std::vector<std::string> set_aside;      // of both, what an earlier report took out of the count
  std::vector<std::string> others;         // .gcno of other builds; they are in `notes` too
  std::vector<std::string> compiled = {};  // .o, with counters or without
  std::vector<std::string> unreadable = {};  // lines about folders that cannot be looked through
};

// What a .gcda is renamed to when it cannot be counted, so that neither gcovr nor ctest takes it
// for one.
inline constexpr const char* kSetAside = ".set-aside";

// Below a build folder.
inline constexpr const char* kTargetDirectories = "/CMakeFiles/TargetDirectories.txt";

// All lists sorted. Throws Error if the build folder is none of CMake's.
ObjectFiles find_object_files(const ObjectPlaces& places);

// The folders of a build's targets.
std::vector<std::string> target_folders(const std::string& build_dir);

// a.cc.gcda -> a.cc.gcno.
std::string notes_of(const std::string& data);
std::string data_of(const std::string& notes);

// How the .gcno begins; nothing if there is none, or nothing that can be read.
std::optional<NotesHeader> header_of_notes(const std::string& notes);

// The bytes of a regular file. Throws Error for anything else that has its name: a folder, a FIFO,
// a link to nothing.
std::string read_data(const std::string& path);
// A .gcno as a view into `buffer`. One that is larger than any compiler writes is an Error as well.
std::string_view read_notes(const std::string& path, FileBuffer& buffer);

// Takes a file (or whatever stands there) out of the count, as `name` with the suffix above.
// Returns the warning.
std::string set_data_aside(const std::string& path, const std::string& name,
                           const std::string& cause);

// Whether it is a .gcno that was set aside, and the object has not been compiled again since: until
// then its sources are in no report.
bool is_notes_without_successor(const std::string& set_aside);

// The compiler, gcovr and ctest may name one file by different links: this is how they are
// compared.
std::string path_without_links(const std::string& path);

}  // namespace gentle

// Which files the sources of an object are, whatever the compiler was told: relative names,
// -ffile-prefix-map, #line, links.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coverage/gcov/gcno.h"
#include "model/coverage_spec.h"

namespace gentle {

// How names of the .gcno and of gcov are compared: gcov leaves "./" and "x/.." out.
std::string plain_name(const std::string& name);

class SourceNames {
 public:
  explicit SourceNames(const CoverageSpec& spec);

  // For each name of the object, as plain_name has it: the file, absolute, as reports name it. If
  // none is found, where the compiler saw it.
  std::map<std::string, std::string> files_of(const std::string& notes_path,
                                              const Notes& notes) const;

  // A file that is in the root folder has its own name, not that of a link to it. What is in the
  // root only by a link (to the file, or to a folder on the way) has the name of the link.
  const std::string& shown(const std::string& path) const;

  // In ROOT, the source folder, the build folder or a folder of OBJECTS, by their names or real
  // paths.
  bool is_in_project(const std::string& path) const;

  const std::string& real_root() const { return real_root_; }

 private:
  std::string shown_now(const std::string& path) const;
  std::string find_in_root(const NotesSource& source, const std::string& literal) const;

  CoverageSpec spec_;
  std::string real_root_;
  std::vector<std::string> folders_;  // of the project, and their real paths
  // By name, those in the root: looked for when they are first needed.
  mutable std::optional<std::multimap<std::string, std::string>> in_root_;
  mutable std::map<std::string, std::string> shown_;  // headers are the sources of many objects
};

// Whether `path` is `folder`, or in it.
bool is_inside(const std::string& path, const std::string& folder);

}  // namespace gentle

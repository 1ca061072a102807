#include "coverage/report/java_sources.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <string_view>
#include <vector>

#include "coverage/languages/java_recorder.h"
#include "coverage/merge/object_files.h"
#include "os/file.h"
#include "os/folder_walk.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

bool is_java_source(const std::string& name) {
  constexpr std::array<std::string_view, 4> kEndings = {".java", ".kt", ".groovy", ".scala"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

void write_names(const std::string& path, const CoverageSpec& spec) {
  write_public_file(path, "");
  // The time at which it begins to look, by the clock of the file system: of what is newer than
  // that, the names do not tell.
  const fs::file_time_type begin = fs::last_write_time(path);
  std::set<std::string> names;
  for (const std::string& source : java_sources(spec)) {
    names.insert(source.substr(source.rfind('/') + 1));
  }
  std::string text;
  for (const std::string& name : names) text += name + '\0';
  write_public_file(path, text);
  fs::last_write_time(path, begin);
}

}  // namespace

std::set<std::string> java_sources(const CoverageSpec& spec) {
  std::set<std::string> paths;
  std::vector<std::string> folders = spec.objects;
  folders.insert(folders.end(), {spec.root, spec.build_dir});
  for (const std::string& folder : folders) {
    walk_folder(path_without_links(folder), [&](const fs::path& path, bool is_folder) {
      const std::string name = path.filename().string();
      if (!is_folder && is_java_source(name)) paths.insert(path.string());
      return !name.starts_with('.') && name != "node_modules";
    });
  }
  return paths;
}

void write_java_source_names(const std::string& recorder, const CoverageSpec& spec) {
  const std::string path = recorder + kJavaSourceNames;
  const std::string own = path + "." + std::to_string(::getpid());
  remove_tree(path);
  try {
    write_names(own, spec);
    fs::rename(own, path);
  } catch (const std::exception&) {
    remove_tree(own);  // a start takes longer, and no more than that
  }
}

}  // namespace gentle

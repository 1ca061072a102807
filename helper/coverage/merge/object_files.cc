#include "coverage/merge/object_files.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "os/file.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNotes = ".gcno";
constexpr std::string_view kData = ".gcda";

void collect(const std::string& folder, ObjectFiles& files) {
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied,
                                         error);
  if (error) return;  // a target that compiles nothing has no folder
  const std::size_t notes_before = files.notes.size();
  for (; entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (error) break;
    const std::string path = entry->path().string();
    const std::string_view view = path;
    if (view.ends_with(kNotes)) files.notes.push_back(path);
    if (view.ends_with(kData)) files.data.push_back(path);
    if (view.ends_with(kSetAside)) files.set_aside.push_back(path);
  }
  if (files.notes.size() > notes_before) files.folders.push_back(folder);
}

std::string with_suffix(const std::string& path, std::string_view from, std::string_view to) {
  return path.substr(0, path.size() - from.size()) + std::string(to);
}

}  // namespace

ObjectFiles find_object_files(const std::string& build_dir, const std::string& config) {
  const std::string list = build_dir + "/CMakeFiles/TargetDirectories.txt";
  const auto text = read_file_if_there(list);
  if (!text) {
    throw Error("find coverage files", list, "there is no such file")
        .hint("run cmake again; the build folder is not complete");
  }
  ObjectFiles files;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t newline = rest.find('\n');
    std::string folder(rest.substr(0, newline));
    rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
    if (folder.empty()) continue;
    if (!config.empty()) folder += "/" + config;
    collect(folder, files);
  }
  for (auto* paths : {&files.folders, &files.notes, &files.data, &files.set_aside}) {
    std::sort(paths->begin(), paths->end());
    paths->erase(std::unique(paths->begin(), paths->end()), paths->end());
  }
  return files;
}

std::string notes_of(const std::string& data) { return with_suffix(data, kData, kNotes); }

std::string data_of(const std::string& notes) { return with_suffix(notes, kNotes, kData); }

std::string read_data(const std::string& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::regular) return read_file(path);
  const bool is_link = fs::symlink_status(path, error).type() == fs::file_type::symlink;
  throw Error("read", path,
              type == fs::file_type::directory              ? "it is a folder"
              : is_link && type == fs::file_type::not_found ? "it is a link to nothing"
                                                            : "it is no regular file");
}

std::string set_data_aside(const std::string& path, const std::string& name,
                           const std::string& cause) {
  const std::string to = name + kSetAside;
  std::error_code error;
  fs::rename(path, to, error);
  return "gentle: warning: count data '" + path + "': " + cause +
         (error ? "; it cannot be set aside: " + error.message() : "; set aside as " + to) +
         ", continuing";
}

std::string path_without_links(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  return error ? fs::path(path).lexically_normal().string() : real.string();
}

}  // namespace gentle

#include "coverage/merge/object_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/unique_fd.h"
#include "os/file.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNotes = ".gcno";
constexpr std::string_view kData = ".gcda";
constexpr std::string_view kObject = ".o";
constexpr std::size_t kHeaderBytes = 12;
// A huge unit has some hundred megabytes of notes. Where addresses have 32 bits, no 4 GiB are left.
constexpr std::size_t kLargestNotes =
    std::min<std::uint64_t>(std::uint64_t{4} << 30U, SIZE_MAX / 4);

// What CMake compiles to try the compiler: CMakeFiles/3.25.1, CMakeFiles/CMakeScratch, CMakeTmp.
bool is_trial(const fs::path& folder) {
  if (folder.parent_path().filename() != "CMakeFiles") return false;
  const std::string name = folder.filename().string();
  return name.starts_with("CMake") || (name[0] >= '0' && name[0] <= '9');
}

void take(const std::string& path, ObjectFiles& files) {
  const std::string_view view = path;
  if (view.ends_with(kNotes)) files.notes.push_back(path);
  if (view.ends_with(kData)) files.data.push_back(path);
  if (view.ends_with(kSetAside)) files.set_aside.push_back(path);
  if (view.ends_with(kObject)) files.compiled.push_back(path);
}

// One folder that cannot be read costs itself, and not those behind it. A target that compiles
// nothing has no folder; one of OBJECTS has to be there by now.
void collect(const std::string& first, bool may_be_missing, ObjectFiles& files) {
  std::vector<std::string> folders = {first};
  while (!folders.empty()) {
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      take(entry->path().string(), files);
      std::error_code ignored;
      const bool is_folder = entry->symlink_status(ignored).type() == fs::file_type::directory;
      if (is_folder && !is_trial(entry->path())) folders.push_back(entry->path().string());
    }
    const bool is_missing = error == std::errc::no_such_file_or_directory;
    if (!error || (is_missing && (may_be_missing || folder != first))) continue;
    files.unreadable.push_back("gentle: warning: find objects in '" + folder +
                               "': " + error.message() +
                               "; what was compiled there is not in the report, continuing");
  }
}

// The .gcno, which may be gone, and what stands beside it.
void collect_one(const std::string& notes, ObjectFiles& files) {
  std::error_code error;
  for (auto [list, path] : {std::pair{&files.notes, notes},
                            {&files.data, data_of(notes)},
                            {&files.set_aside, data_of(notes) + kSetAside}}) {
    if (fs::symlink_status(path, error).type() != fs::file_type::not_found) list->push_back(path);
  }
}

void sort(std::vector<std::string>& paths) {
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
}

std::string with_suffix(const std::string& path, std::string_view from, std::string_view to) {
  return path.substr(0, path.size() - from.size()) + std::string(to);
}

}  // namespace

std::vector<std::string> target_folders(const std::string& build_dir) {
  const std::string list = build_dir + kTargetDirectories;
  const auto text = read_file_if_there(list);
  if (!text) {
    throw Error("find coverage files", list, "there is no such file")
        .hint("run cmake again; the build folder is not complete");
  }
  std::vector<std::string> folders;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t newline = rest.find('\n');
    if (newline != 0) folders.emplace_back(rest.substr(0, newline));
    rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
  }
  return folders;
}

ObjectFiles find_object_files(const ObjectPlaces& places) {
  ObjectFiles files;
  std::vector<std::string> targets;
  if (!places.build_dir.empty()) targets = target_folders(places.build_dir);
  for (const std::string& folder : targets) {
    collect(places.config.empty() ? folder : folder + "/" + places.config, true, files);
  }
  sort(files.notes);
  const std::vector<std::string> own = files.notes;
  for (const std::string& folder : places.folders) collect(folder, false, files);
  for (const std::string& notes : places.others) collect_one(notes, files);
  for (auto* paths :
       {&files.notes, &files.data, &files.set_aside, &files.compiled, &files.unreadable}) {
    sort(*paths);
  }
  std::set_difference(files.notes.begin(), files.notes.end(), own.begin(), own.end(),
                      std::back_inserter(files.others));
  return files;
}

std::string notes_of(const std::string& data) { return with_suffix(data, kData, kNotes); }

std::string data_of(const std::string& notes) { return with_suffix(notes, kNotes, kData); }

std::optional<NotesHeader> header_of_notes(const std::string& notes) {
  if (!is_regular_file(notes)) return std::nullopt;
  const UniqueFd fd(::open(notes.c_str(), O_RDONLY | O_CLOEXEC));
  char header[kHeaderBytes];
  if (!fd || ::read(fd.get(), header, sizeof header) != sizeof header) return std::nullopt;
  return read_notes_header({header, sizeof header});
}

namespace {

void check_is_regular(const std::string& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::regular) return;
  const bool is_link = fs::symlink_status(path, error).type() == fs::file_type::symlink;
  throw Error("read", path,
              type == fs::file_type::directory              ? "it is a folder"
              : is_link && type == fs::file_type::not_found ? "it is a link to nothing"
                                                            : "it is no regular file");
}

}  // namespace

std::string read_data(const std::string& path) {
  check_is_regular(path);
  return read_file(path);
}

std::string_view read_notes(const std::string& path, FileBuffer& buffer) {
  check_is_regular(path);
  return read_data_file(path, kLargestNotes, buffer);
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

bool is_notes_without_successor(const std::string& set_aside) {
  std::string_view path = set_aside;
  path.remove_suffix(std::string_view(kSetAside).size());
  return path.ends_with(kNotes) && !file_exists(std::string(path));
}

std::string path_without_links(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  return error ? fs::path(path).lexically_normal().string() : real.string();
}

}  // namespace gentle

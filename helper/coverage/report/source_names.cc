#include "coverage/report/source_names.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "coverage/merge/object_files.h"
#include "os/file.h"
#include "os/folder_walk.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

std::string parent_of(const std::string& path) { return fs::path(path).parent_path().string(); }

// "" in a name stands for nothing: then the joined path has no slash too many.
std::string joined(const std::string& folder, const std::string& name) {
  return (fs::path(folder) / name).lexically_normal().string();
}

// A source that was compiled has at least the lines that count.
bool has_lines(const std::string& path, std::uint32_t lines) {
  if (!is_regular_file(path)) return false;
  try {
    const std::string text = read_file(path);
    const auto newlines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    return newlines + (text.ends_with('\n') ? 0 : 1) >= lines;
  } catch (const Error&) {
    return false;
  }
}

// By name; without what is hidden, and without the build folder.
std::multimap<std::string, std::string> files_below(const std::string& root,
                                                    const std::string& build) {
  std::multimap<std::string, std::string> files;
  walk_folder(root, [&](const fs::path& path, bool is_folder) {
    const std::string name = path.filename().string();
    if (!is_folder) files.emplace(name, path.string());
    return !name.starts_with('.') && path.string() != build;
  });
  return files;
}

// What -ffile-prefix-map has made of a folder.
struct Mapping {
  std::string real;
  std::string mapped;
};

// Both paths without the components that they end with alike.
Mapping mapping_of(const std::string& real, const std::string& mapped) {
  fs::path left = real;
  fs::path right = mapped;
  while (left.has_filename() && right.has_filename() && left.filename() == right.filename()) {
    left = left.parent_path();
    right = right.parent_path();
  }
  return {left.string(), right.string()};
}

// The names of one object that name no file as they stand.
class Search {
 public:
  Search(const CoverageSpec& spec, const std::string& notes_path, const std::string& directory)
      : directory_(directory),
        bases_{spec.root, spec.source_dir, spec.build_dir},
        own_source_(source_by_cmake(spec, notes_path)) {
    bases_.insert(bases_.end(), spec.objects.begin(), spec.objects.end());
    for (std::string at = parent_of(notes_path); at.size() > 1; at = parent_of(at)) {
      above_object_.push_back(at);
    }
  }

  // A source that was found as it is called. #line names files beside it; and if it is the object's
  // own, nothing was mapped.
  void add_found(const std::string& path) {
    if (plain_name(path) == plain_name(own_source_)) own_source_.clear();
    const std::string folder = parent_of(path);
    if (std::find(beside_.begin(), beside_.end(), folder) == beside_.end()) {
      beside_.push_back(folder);
    }
  }

  // How the object's own source is called tells what has been mapped.
  void learn(const std::string& name) {
    if (mapping_ || own_source_.empty()) return;
    const std::string rest = rest_of(name);
    if (fs::path(rest).filename() != fs::path(own_source_).filename()) return;
    if (is_regular_file(own_source_)) mapping_ = mapping_of(own_source_, rest);
  }

  // "" if it is found nowhere. `foreign`: the name is of no folder of the project, so that it may
  // be a part of the name only that is right.
  std::string find(const NotesSource& source, bool foreign) const {
    const auto fits = [&](const std::string& path) { return has_lines(path, source.last_line); };
    const std::string rest = rest_of(source.name);
    if (mapping_) {
      const std::string path = unmapped(rest);
      if (!path.empty() && fits(path)) return path;
    }
    if (!fs::path(rest).is_absolute()) {
      for (const auto* folders : folders_by_compiler()) {
        for (const std::string& folder : *folders) {
          if (const std::string path = joined(folder, rest); fits(path)) return path;
        }
      }
    }
    return foreign ? find_end(rest, fits) : "";
  }

 private:
  // A name that GCC's -fprofile-abs-path has put its folder in front of, without it.
  std::string rest_of(const std::string& name) const {
    const std::string plain = plain_name(name);
    const std::string folder = directory_ + "/";
    if (directory_.empty() || !plain.starts_with(folder)) return plain;
    return plain.substr(folder.size());
  }

  std::string unmapped(const std::string& rest) const {
    if (mapping_->mapped.empty()) {
      return fs::path(rest).is_absolute() ? "" : joined(mapping_->real, rest);
    }
    if (!is_inside(rest, mapping_->mapped)) return "";
    return mapping_->real + rest.substr(mapping_->mapped.size());
  }

  // Where the compiler ran is known of GCC; of Clang it is, as a rule, above the object.
  std::vector<const std::vector<std::string>*> folders_by_compiler() const {
    if (directory_.empty()) return {&above_object_, &beside_, &bases_};
    return {&beside_, &bases_, &above_object_};
  }

  // The longest end of the name that is a file in a folder of the project.
  std::string find_end(const std::string& rest,
                       const std::function<bool(const std::string&)>& fits) const {
    fs::path end = fs::path(rest).relative_path();
    for (; !end.empty(); end = without_first(end)) {
      for (const std::string& folder : bases_) {
        if (const std::string path = joined(folder, end.string()); fits(path)) return path;
      }
    }
    return "";
  }

  static fs::path without_first(const fs::path& path) {
    fs::path rest;
    for (auto part = std::next(path.begin()); part != path.end(); ++part) rest /= *part;
    return rest;
  }

  // CMake names an object by its source: <build>/sub/CMakeFiles/<target>.dir/a/b.cc.gcno is of
  // <source>/sub/a/b.cc. "" if it is none of CMake's.
  static std::string source_by_cmake(const CoverageSpec& spec, const std::string& notes_path) {
    const std::size_t files = notes_path.rfind("/CMakeFiles/");
    const std::size_t dir = notes_path.find(".dir/", files == std::string::npos ? 0 : files);
    if (files == std::string::npos || dir == std::string::npos) return "";
    const std::string folder = notes_path.substr(0, files);
    if (!is_inside(folder, spec.build_dir)) return "";
    std::string name = notes_path.substr(dir + 5);
    if (!spec.config.empty() && name.starts_with(spec.config + "/")) {
      name.erase(0, spec.config.size() + 1);
    }
    name.resize(name.size() - std::string_view(".gcno").size());
    return spec.source_dir + folder.substr(spec.build_dir.size()) + "/" + name;
  }

  std::string directory_;
  std::vector<std::string> beside_;
  std::vector<std::string> bases_;
  std::vector<std::string> above_object_;
  std::string own_source_;
  std::optional<Mapping> mapping_;
};

}  // namespace

std::string plain_name(const std::string& name) {
  return fs::path(name).lexically_normal().string();
}

bool is_inside(const std::string& path, const std::string& folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

SourceNames::SourceNames(const CoverageSpec& spec)
    : spec_(spec), real_root_(path_without_links(spec.root)) {
  for (const std::string* folder : {&spec.root, &spec.source_dir, &spec.build_dir}) {
    folders_.push_back(*folder);
  }
  folders_.insert(folders_.end(), spec.objects.begin(), spec.objects.end());
  const std::vector<std::string> names = folders_;
  for (const std::string& folder : names) folders_.push_back(path_without_links(folder));
}

std::map<std::string, std::string> SourceNames::files_of(const std::string& notes_path,
                                                         const Notes& notes) const {
  std::map<std::string, std::string> files;
  std::vector<const NotesSource*> missing;
  Search search(spec_, notes_path, notes.directory);
  for (const NotesSource& source : notes.sources) {
    const bool absolute = fs::path(source.name).is_absolute();
    const bool placed = absolute || !notes.directory.empty();
    const std::string& folder = placed ? notes.directory : spec_.root;
    const std::string path = absolute ? source.name : joined(folder, source.name);
    const bool found = placed && is_regular_file(path);
    files[plain_name(source.name)] = shown(path);
    if (!found) missing.push_back(&source);
    if (found && is_in_project(path)) search.add_found(path);
  }
  for (const NotesSource* source : missing) search.learn(source->name);
  for (const NotesSource* source : missing) {
    const bool foreign =
        fs::path(source->name).is_absolute() && !is_in_project(plain_name(source->name));
    std::string path = search.find(*source, foreign);
    if (path.empty()) path = find_in_root(*source, files[plain_name(source->name)]);
    if (!path.empty()) files[plain_name(source->name)] = shown(path);
  }
  return files;
}

// A name that a generator has put into a file of the build folder by #line, relative to where the
// generator ran: the one file in the root that ends so. What the compiler saw in the root itself
// is gone, and no other file stands for it.
std::string SourceNames::find_in_root(const NotesSource& source, const std::string& literal) const {
  std::string name = plain_name(source.name);
  if (fs::path(name).is_absolute() && is_inside(literal, path_without_links(spec_.build_dir))) {
    name = fs::path(literal).lexically_relative(path_without_links(spec_.build_dir)).string();
  }
  while (name.starts_with("../")) name.erase(0, 3);
  const bool seen_in_root =
      is_inside(literal, real_root_) && !is_inside(literal, path_without_links(spec_.build_dir));
  if (fs::path(name).is_absolute() || seen_in_root) return "";
  if (!in_root_) in_root_ = files_below(real_root_, path_without_links(spec_.build_dir));
  std::string found;
  const auto [first, last] = in_root_->equal_range(fs::path(name).filename().string());
  for (auto file = first; file != last; ++file) {
    if (!file->second.ends_with("/" + name) || !has_lines(file->second, source.last_line)) continue;
    if (!found.empty()) return "";
    found = file->second;
  }
  return found;
}

const std::string& SourceNames::shown(const std::string& path) const {
  const auto [entry, is_new] = shown_.try_emplace(path);
  if (is_new) entry->second = shown_now(path);
  return entry->second;
}

std::string SourceNames::shown_now(const std::string& path) const {
  std::string real = path_without_links(path);
  if (is_inside(real, real_root_)) return real;
  const std::string plain = plain_name(path);
  for (const std::string* root : {&spec_.root, &real_root_}) {
    if (is_inside(plain, *root)) return real_root_ + plain.substr(root->size());
  }
  return real;
}

bool SourceNames::is_in_project(const std::string& path) const {
  return std::any_of(folders_.begin(), folders_.end(),
                     [&](const std::string& folder) { return is_inside(path, folder); });
}

}  // namespace gentle

#include "coverage/report/go_modules.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "os/data_file.h"
#include "os/file.h"
#include "os/folder_walk.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModuleFile = "go.mod";
constexpr std::size_t kLargestModuleFile = std::size_t{4} << 20;
constexpr std::string_view kModule = "module";
constexpr std::string_view kSpaces = " \t\r";

// Go itself does not look there.
bool is_left_out(const std::string& name) {
  return name.starts_with('.') || name.starts_with('_') || name == "testdata" || name == "vendor" ||
         name == "node_modules";
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpaces);
  if (begin == text.npos) return "";
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

// "module x", "module (" and a line of its own, or "x" in quotes.
std::string_view without_quotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '`') &&
                      text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

std::string go_module_of(std::string_view text) {
  bool in_block = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = trimmed(line.substr(0, line.find("//")));
    if (line.empty()) continue;
    if (in_block) return std::string(without_quotes(line));
    if (!line.starts_with(kModule)) continue;
    line.remove_prefix(kModule.size());
    if (line.empty() || std::string_view(" \t(\"`").find(line.front()) == line.npos) continue;
    line = trimmed(line);
    in_block = line == "(";
    if (!in_block) return std::string(without_quotes(line));
  }
  return "";
}

GoModules::GoModules(std::string root, std::string build_dir)
    : root_(std::move(root)), build_dir_(std::move(build_dir)) {}

std::vector<std::string> GoModules::places_of(const std::string& module, const std::string& file) {
  if (!std::exchange(has_looked_, true)) {
    look_below(root_, build_dir_);
    look_above(root_);
  }
  std::vector<std::string> places = known_places(module, file);
  if (!places.empty()) return places;
  if (!std::exchange(has_looked_in_build_, true)) look_below(build_dir_, "");
  places = known_places(module, file);
  return places.empty() ? vendored_places(file) : places;
}

// `go mod vendor` copies what a module needs, without its go.mod.
std::vector<std::string> GoModules::vendored_places(const std::string& file) const {
  std::vector<std::string> places;
  for (const auto& [module, folders] : folders_) {
    for (const std::string& folder : folders) {
      const std::string vendored = folder + "/vendor/";
      const std::string path = fs::path(vendored + file).lexically_normal().string();
      if (path.starts_with(vendored) && is_regular_file(path)) places.push_back(path);
    }
  }
  return places;
}

std::vector<std::string> GoModules::known_places(const std::string& module,
                                                 const std::string& file) const {
  std::vector<std::string> all;
  std::vector<std::string> present;
  const auto known = folders_.find(module);
  const bool is_inside = file.starts_with(module + "/");
  if (known == folders_.end() || !is_inside) return all;
  for (const std::string& folder : known->second) {
    const std::string path =
        fs::path(folder + file.substr(module.size())).lexically_normal().string();
    // The name is the compiler's, but the file that it stands in may be anybody's.
    if (!path.starts_with(folder + "/")) continue;
    all.push_back(path);
    if (is_regular_file(path)) present.push_back(path);
  }
  return present.empty() ? all : present;
}

void GoModules::take(const std::string& folder) {
  const std::string path = folder + "/" + kModuleFile;
  if (!is_regular_file(path)) return;
  try {
    const std::string module = go_module_of(read_data_file(path, kLargestModuleFile));
    if (!module.empty()) folders_[module].insert(folder);
  } catch (const Error&) {
    // The sources of its module are then told to be elsewhere.
  }
}

void GoModules::look_above(const std::string& folder) {
  for (fs::path at = fs::path(folder).parent_path(); at != at.parent_path();
       at = at.parent_path()) {
    take(at.string());
  }
}

void GoModules::look_below(const std::string& folder, const std::string& without) {
  take(folder);
  walk_folder(folder, [&](const fs::path& path, bool is_folder) {
    std::error_code unknown;
    if (!is_folder || fs::is_symlink(path, unknown)) return false;
    if (is_left_out(path.filename().string()) || path == without) return false;
    take(path.string());
    return true;
  });
}

}  // namespace gentle

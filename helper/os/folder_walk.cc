#include "os/folder_walk.h"

#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

bool is_as_if_empty(const std::error_code& error) {
  return error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory ||
         error == std::errc::permission_denied;
}

}  // namespace

// std::filesystem::recursive_directory_iterator ends at the first folder that has gone.
void walk_folder(const std::string& folder, const VisitEntry& visit) {
  std::vector<fs::path> folders = {folder};
  while (!folders.empty()) {
    const fs::path path = std::move(folders.back());
    folders.pop_back();
    std::error_code error;
    fs::directory_iterator entry(path, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      std::error_code unknown;
      const bool is_folder = entry->is_directory(unknown);
      const bool goes_on = visit(entry->path(), is_folder);
      if (goes_on && is_folder && !entry->is_symlink(unknown)) folders.push_back(entry->path());
    }
    if (error && !is_as_if_empty(error)) throw Error("read folder", path.string(), error.message());
  }
}

}  // namespace gentle

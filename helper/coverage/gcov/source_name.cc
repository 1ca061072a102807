#include "coverage/gcov/source_name.h"

#include <algorithm>

namespace gentle {
namespace {

bool ends_with_folder(const std::string& path) {
  if (path.empty() || path == "/") return false;
  const std::size_t slash = path.rfind('/');
  return path.substr(slash == std::string::npos ? 0 : slash + 1) != "..";
}

void append_part(std::string& path, std::string_view part) {
  if (!path.empty() && path.back() != '/') path += '/';
  path += part;
}

}  // namespace

std::string plain_source_name(std::string_view name, const FolderExists& exists) {
  std::string path(name.starts_with('/') ? 1 : 0, '/');
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('/'), name.size());
    const std::string_view part = name.substr(0, end);
    name.remove_prefix(std::min(end + 1, name.size()));
    if (part.empty() || part == ".") continue;
    if (part != ".." || !ends_with_folder(path) || !exists(path)) {
      append_part(path, part);
      continue;
    }
    const std::size_t slash = path.rfind('/');
    path.erase(slash == std::string::npos ? 0 : std::max<std::size_t>(slash, 1));
  }
  return path;
}

}  // namespace gentle

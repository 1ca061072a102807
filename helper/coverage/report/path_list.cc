#include "coverage/report/path_list.h"

#include <filesystem>
#include <map>

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostNames = 5;

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// Relative to the root, if that is near.
std::string shown_name(const std::string& path, const std::string& root) {
  const std::string relative = fs::path(path).lexically_relative(root).string();
  return relative.empty() || relative.starts_with("../../..") ? path : relative;
}

std::string common_folder(const std::string& left, const std::string& right) {
  fs::path common;
  const fs::path one = left;
  const fs::path other = right;
  for (auto a = one.begin(), b = other.begin(); a != one.end() && b != other.end() && *a == *b;
       ++a, ++b) {
    common /= *a;
  }
  return common.string();
}

}  // namespace

std::string count_of_files(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " file" : " files");
}

std::string short_list(const std::vector<std::string>& paths, const std::string& root) {
  std::vector<std::string> words;
  if (paths.size() <= kMostNames) {
    for (const std::string& path : paths) words.push_back(shown_name(path, root));
    return join(words);
  }
  std::map<std::string, std::size_t> folders;
  std::string common = fs::path(paths.front()).parent_path().string();
  for (const std::string& path : paths) {
    const std::string folder = fs::path(path).parent_path().string();
    common = common_folder(common, folder);
    ++folders[folder];
  }
  if (folders.size() > kMostNames) folders = {{common, paths.size()}};
  for (const auto& [folder, count] : folders) {
    words.push_back(count_of_files(count) +
                    (folder.empty() ? "" : " in " + shown_name(folder, root)));
  }
  return join(words);
}

}  // namespace gentle

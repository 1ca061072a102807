#include "cli/ctest_program.h"

#include <vector>

#include "os/file.h"

namespace gentle {

std::string program_of_ctest(const std::string& program, const std::string& configuration,
                             const std::string& folder_of_test) {
  std::vector<std::string> folders = {"Release",        "Debug",      "MinSizeRel",
                                      "RelWithDebInfo", "Deployment", "Development"};
  if (!configuration.empty()) folders = {configuration};
  folders.insert(folders.begin(), ".");

  const std::size_t name = program.rfind('/') + 1;
  std::string parent = program.substr(0, name);
  if (!parent.starts_with('/')) {
    parent.insert(0, folder_of_test.empty() ? "./" : folder_of_test + "/");
  }
  for (const std::string& folder : folders) {
    std::string path = parent;
    if (folder != ".") path += folder + "/";
    path += program.substr(name);
    if (file_exists(path) && !is_folder(path)) return path;
  }
  return program;
}

}  // namespace gentle

#include "cli/ctest_program.h"

#include <vector>

#include "os/file.h"

namespace gentle {

std::string program_of_ctest(const std::string& program, const std::string& configuration) {
  std::vector<std::string> folders = {"Release",        "Debug",      "MinSizeRel",
                                      "RelWithDebInfo", "Deployment", "Development"};
  if (!configuration.empty()) folders = {configuration};
  folders.insert(folders.begin(), ".");

  const std::size_t name = program.rfind('/') + 1;
  std::string parent = program.substr(0, name);
  if (parent.empty()) parent = "./";
  for (const std::string& folder : folders) {
    std::string path = parent;
    if (folder != ".") path += folder + "/";
    path += program.substr(name);
    if (file_exists(path) && !is_folder(path)) return path;
  }
  return program;
}

}  // namespace gentle

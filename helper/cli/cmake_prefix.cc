#include "cli/cmake_prefix.h"

#include "base/error.h"
#include "os/file.h"

// The build of a package says both; these are those of a build for one project.
#ifndef GENTLE_PREFIX_FROM_BINDIR
#define GENTLE_PREFIX_FROM_BINDIR ".."
#endif
#ifndef GENTLE_CMAKEDIR
#define GENTLE_CMAKEDIR "share/cmake/GentleFixtures"
#endif

namespace gentle {
namespace {

std::string parent_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

std::string cmake_prefix(const std::string& program) {
  std::string prefix = parent_of(program);
  const std::string up = GENTLE_PREFIX_FROM_BINDIR;
  for (std::size_t at = 0; (at = up.find("..", at)) != std::string::npos; at += 2) {
    prefix = parent_of(prefix);
  }
  const std::string config = prefix + "/" GENTLE_CMAKEDIR "/GentleFixturesConfig.cmake";
  if (!is_regular_file(config)) {
    throw Error("find CMake files of", program, "expected " + config + ", but it is not there")
        .hint(
            "install a package (cmake --install, pip install gentle-fixtures), and call its "
            "gentle");
  }
  return prefix.empty() ? "/" : prefix;
}

}  // namespace gentle

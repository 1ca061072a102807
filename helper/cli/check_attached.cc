// Not for people: the test `attach_fixtures`. The file has a line for each name or regular
// expression that no test had when CMake configured: a number, and where it stands.
// $GENTLE_ATTACHED tells the numbers of those that a test has had when ctest read all of them.
#include <cstdlib>

#include "base/error.h"
#include "base/exit_code.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "os/file.h"

namespace gentle {

int run_check_attached(const Arguments& arguments) {
  if (arguments.size() != 1) {
    throw Error("check attached tests", "", "takes a file").exit_code(kExitUsage);
  }
  const char* variable = std::getenv("GENTLE_ATTACHED");
  const std::string found = std::string(",") + (variable ? variable : "") + ",";
  const std::string text = read_file(arguments.front());
  int exit_code = kExitOk;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t space = line.find(' ');
    if (space == std::string::npos ||
        found.find("," + line.substr(0, space) + ",") < found.size()) {
      continue;
    }
    print(stderr, Error("find a test", line.substr(space + 1), "there is none")
                      .hint("ctest -N lists the names of all tests")
                      .message());
    exit_code = kExitFailed;
  }
  return exit_code;
}

}  // namespace gentle

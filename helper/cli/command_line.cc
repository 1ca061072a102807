#include "cli/command_line.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "base/exit_code.h"
#include "cli/cmake_prefix.h"
#include "cli/memcheck.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "model/nearest.h"
#include "os/process.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle <subcommand> ...

Starts the services that tests need, and stops them gently.

services, by name, from the build folder or below it:
  start              start them, return when they are ready
  stop               stop them by their plans, wait for their end
  restart            stop them and start them again
  run -- <command>   run a test or a program with the variables of services
  env                print these variables
  status             what runs, since when, at which address
  logs               what the services have printed
  down               stop everything
used by the tests that the CMake functions make, beside start, stop and run:
  coverage           reset and report the coverage of a test run

  --help             after a subcommand too
  --version
  --cmake-prefix     print the prefix of its CMake files, for CMAKE_PREFIX_PATH

exit codes: 0 good; 1 the service or report is not; 2 wrong command line;
  77 a needed service was skipped; 125 gentle itself failed; 126, 127 the
  program cannot be executed, is not there; of `run`: the command's own
)";

struct Subcommand {
  const char* name;
  int (*run)(const Arguments&);
  bool hidden = false;  // for the CMake functions and for gentle itself
};

constexpr Subcommand kSubcommands[] = {
    {"start", run_start},
    {"stop", run_stop},
    {"restart", run_restart},
    {"run", run_run},
    {"env", run_env},
    {"status", run_status},
    {"logs", run_logs},
    {"down", run_down},
    {"coverage", run_coverage},
    {"check-attached", run_check_attached, true},
    {"check-filters", run_check_filters, true},
    {"check-formats", run_check_formats, true},
    {"check-regex", run_check_regex, true},
};

Error unknown_subcommand(const std::string& word) {
  std::vector<std::string> known = {"--help", "--version", "--cmake-prefix"};
  for (const Subcommand& subcommand : kSubcommands) {
    if (!subcommand.hidden) known.emplace_back(subcommand.name);
  }
  const std::string near = nearest(word, known);
  return Error("find subcommand", word, near.empty() ? "unknown" : "did you mean '" + near + "'?")
      .hint("gentle --help")
      .exit_code(kExitUsage);
}

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) {
    throw Error("read command line", "", "no subcommand")
        .hint("gentle --help")
        .exit_code(kExitUsage);
  }
  const std::string& word = words.front();
  if (word == "--help" || word == "-h" || word == "help") throw HelpRequested{kHelp};
  if (word == "--version") throw HelpRequested{"gentle " GENTLE_VERSION "\n"};
  if (word == "--cmake-prefix") throw HelpRequested{cmake_prefix(program_of(::getpid())) + "\n"};
  for (const Subcommand& subcommand : kSubcommands) {
    if (word == subcommand.name) return subcommand.run({words.begin() + 1, words.end()});
  }
  throw unknown_subcommand(word);
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  try {
    leave_memcheck({argv, argv + argc});
    return dispatch({argv + 1, argv + argc});
  } catch (const HelpRequested& help) {
    print(stdout, help.text);
    return kExitOk;
  } catch (const Error& error) {
    print(stderr, error.message());
    return error.exit_code();
  } catch (const std::exception& error) {
    print(stderr, Error("internal error", "", error.what()).message());
    return kExitOwnFailure;
  }
}

}  // namespace gentle

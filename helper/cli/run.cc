#include <algorithm>
#include <csignal>
#include <optional>

#include "base/error.h"
#include "base/exit_code.h"
#include "cli/options.h"
#include "cli/orphan_watch.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "cli/test_process.h"
#include "cli/test_services.h"
#include "coverage/data_folder.h"
#include "model/argument_file.h"
#include "model/variables.h"
#include "os/file.h"
#include "os/signals.h"
#include "os/spawn.h"

extern char** environ;

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle run [options] -- <command> [<arg>...]

Runs a test with the variables of its services (API_HOST, API_PORT, ...) in its
environment; @NAME@ is replaced by them in <arg>, --env and --chdir. If the test
fails, prints what each service logged meanwhile; if a service ends during the
test, says so.

  --with <spec>        a service; those that it depends on come along
  --env <VAR>=<value>  one more variable
  --env-from <file>    more of them, written by add_fixture_test
  --chdir <dir>        the folder to run in
  --emulator <list>    a launcher for the command, its words divided by ';'
  --append-from <file> more <arg>s, written by discover_fixture_tests
  --timeout <seconds>  the test's TIMEOUT in CTest: ends it gently just before
  --skip-code <code>   exit code if a service was never started [an error, 125]

With --gtest_list_tests among <arg> the command runs as it is, without services.

exit codes: the command's own; a death by signal is repeated; 125 gentle itself
  failed or a service is not there, 126 cannot be executed, 127 not found
)";

struct RunOptions {
  std::vector<std::string> specs;
  std::vector<std::string> settings;
  std::string more_settings;  // a file
  std::string folder;
  std::string emulator;
  std::string appended;
  Duration timeout{};  // zero: none
  int skip_code = kExitOwnFailure;
  std::vector<std::string> command;
};

RunOptions parse_options(const Arguments& arguments) {
  RunOptions run;
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  Options options("run", kHelp);
  options.option("--with", run.specs);
  options.option("--env", run.settings);
  options.option("--env-from", run.more_settings);
  options.option("--chdir", run.folder);
  options.option("--emulator", run.emulator);
  options.option("--append-from", run.appended);
  options.option("--timeout", run.timeout);
  options.option("--skip-code", run.skip_code, 1, 255);
  options.parse({arguments.begin(), dashes});
  if (dashes != arguments.end()) run.command.assign(dashes + 1, arguments.end());
  if (run.command.empty()) {
    throw Error("read command line of 'gentle run'", "", "no command after --")
        .hint("gentle run --help")
        .exit_code(kExitUsage);
  }
  return run;
}

// In a file, since everybody can read a command line (ps) and what CTest notes of it.
void append_settings(RunOptions& run) {
  if (run.more_settings.empty()) return;
  for (std::string& setting :
       parse_argument_file(read_file(run.more_settings), run.more_settings)) {
    run.settings.push_back(std::move(setting));
  }
}

// Not when tests are listed: then the program gets what discovery says, and nothing else.
void append_arguments(RunOptions& run) {
  if (run.appended.empty()) return;
  for (std::string& argument : parse_argument_file(read_file(run.appended), run.appended)) {
    run.command.push_back(std::move(argument));
  }
}

std::vector<std::string> with_emulator(const RunOptions& run) {
  std::vector<std::string> command;
  std::string_view rest = run.emulator;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    if (end > 0) command.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  command.insert(command.end(), run.command.begin(), run.command.end());
  return command;
}

SpawnOptions prepare(const RunOptions& run, const Variables& variables) {
  SpawnOptions options;
  options.command = with_emulator(run);
  for (std::string& word : options.command) word = expand(word, variables, "the test's COMMAND");
  options.environment = Environment::from(environ);
  for (const auto& [name, value] : variables) options.environment.set(name, value);
  for (const std::string& setting : run.settings) {
    if (setting.empty()) continue;  // a generator expression may leave nothing of one
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Error("read option", "--env " + setting, "it is not VAR=value");
    }
    options.environment.set(setting.substr(0, equals), expand(setting.substr(equals + 1), variables,
                                                              "the test's ENVIRONMENT"));
  }
  options.working_directory = expand(run.folder, variables, "the test's WORKING_DIRECTORY");
  // A test does not outlive us: ctest kills what it started, and would not find it.
  options.death_signal = SIGKILL;
  options.keeps_nohup = is_ignored(SIGHUP);
  return options;
}

std::optional<std::string> data_folder_of(const RunOptions& run) {
  return run.specs.empty() ? std::nullopt : data_folder_beside(run.specs.front());
}

void tell_coverage(const RunOptions& run, const TestProcess& test, bool passed) {
  for (const std::string& warning : passed ? std::vector<std::string>() : test.warnings()) {
    print(stderr, "gentle: warning: test '" + run.command.front() + "': " + warning + "\n");
  }
  if (test.coverage().empty() || (passed && !test.lost_coverage())) return;
  print(stderr, "gentle: coverage of '" + run.command.front() + "': " + test.coverage() + "\n");
}

[[noreturn]] void run_test(const RunOptions& run) {
  EndStatus end;
  {
    OrphanWatch orphan;
    TestServices services(run.specs);
    TestProcess test(prepare(run, services.variables()), data_folder_of(run), run.timeout);
    end = test.wait(services, orphan);
    const TimeLimit& limit = test.limit();
    const bool passed = end == EndStatus{false, 0} && !limit.has_struck();
    if (limit.has_struck()) {
      print(stderr, Error("run test", run.command.front(), limit.text())
                        .hint("give it more time: TIMEOUT <seconds>")
                        .message());
    }
    tell_coverage(run, test, passed);
    if (!passed) services.print_logs();
    // A test whose own service did not end well has not passed.
    const bool all_good = services.stop_instances() && passed;
    if (!all_good && end == EndStatus{false, 0}) end.value = kExitFailed;
    if (limit.has_struck()) limit.wait_for_ctest();
  }
  end_like(end);
}

}  // namespace

int run_run(const Arguments& arguments) {
  RunOptions run;
  try {
    run = parse_options(arguments);
    const auto& words = run.command;
    if (std::find(words.begin(), words.end(), "--gtest_list_tests") != words.end()) {
      exec_program(with_emulator(run), Environment::from(environ));
    }
    append_arguments(run);
    append_settings(run);
    run_test(run);
  } catch (Error& error) {
    if (error.exit_code() == kExitSkipped) throw error.exit_code(run.skip_code);
    // 0, 1 and 2 are the test's own.
    if (error.exit_code() < kExitOwnFailure) throw error.exit_code(kExitOwnFailure);
    throw;
  }
}

}  // namespace gentle

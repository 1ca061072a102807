#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <optional>

#include "base/error.h"
#include "base/exit_code.h"
#include "cli/ctest_program.h"
#include "cli/options.h"
#include "cli/orphan_watch.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "cli/test_process.h"
#include "cli/test_report.h"
#include "cli/test_services.h"
#include "cli/time_limit.h"
#include "coverage/keep/coverage_paths.h"
#include "model/argument_file.h"
#include "model/ctest_arguments.h"
#include "model/ctest_test.h"
#include "model/variables.h"
#include "os/file.h"
#include "os/process.h"
#include "os/signals.h"
#include "os/spawn.h"
#include "supervise/dependencies.h"

extern char** environ;

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle run [options] -- <command> [<arg>...]

Runs a test with the variables of its services (API_HOST, API_PORT, ...) in its
environment; @NAME@ is replaced by them in <arg>, --env and --chdir. If the test
fails, prints what each service logged; if a service ends meanwhile, says so.

  --with <spec>        a service; those that it depends on come along
  --env <VAR>=<value>  one more variable
  --env-from <file>    more of them, written by add_fixture_test
  --chdir <dir>        the folder to run in
  --emulator <list>    a launcher for the command, its words divided by ';'
  --append-from <file> more <arg>s, written by discover_fixture_tests
  --coverage <spec>    keeps the coverage of a test without services
  --attached <config>  an existing test: its words stay as they are, and the
                       command is found as ctest finds it
With --gtest_list_tests among <arg> the command runs as it is, without services.

Below ctest it knows the test's properties: it ends the test before its TIMEOUT,
prints nothing where a PASS_REGULAR_EXPRESSION reads it (see gentle stop), ends
with SKIP_RETURN_CODE [77] if a service is disabled, and aborts if an exit code
would make a test that did not run pass.

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
  std::string coverage;               // a file
  std::vector<std::string> attached;  // its configuration; nothing: it was made for `gentle run`
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
  options.option("--coverage", run.coverage);
  options.option("--attached", run.attached);
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
  if (!run.attached.empty()) {
    options.command.front() = program_of_ctest(options.command.front(), run.attached.front());
  } else {
    for (std::string& word : options.command) word = expand(word, variables, "the test's COMMAND");
  }
  options.environment = Environment::from(environ);
  forget_ctest_test(options.environment);
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

std::optional<std::string> coverage_folder_of(const RunOptions& run) {
  const std::string& beside = run.specs.empty() ? run.coverage : run.specs.front();
  return beside.empty() ? std::nullopt : coverage_folder_beside(beside);
}

// CTest reads what we print as what the test prints. If it matches that, or if nobody has told us
// whether it does, only the test speaks.
bool is_silent(const CtestTest& test) {
  if (test.known) return test.output_is_matched;
  const auto ctest = owning_ctest();
  return ctest && ctest->pid == ::getppid();
}

TestReport report_for(const RunOptions& run, const CtestTest& test) {
  if (run.specs.empty() || (!is_silent(test) && test.skipped_by.empty())) return {};
  ::unsetenv(kInstanceVariable);  // the folder of the service, not that of an instance
  return {load_spec(run.specs.front()).spec, test.name, is_silent(test) ? "" : test.skipped_by};
}

TimeLimit limit_for(const CtestTest& test, const OrphanWatch& orphan) {
  if (test.timeout || !test.known || !orphan.ctest()) return {test, std::nullopt};
  const auto arguments = arguments_of(orphan.ctest()->pid);
  CtestTest in_script = test;
  if (runs_script(arguments)) in_script.default_timeout.reset();
  return {in_script, timeout_option(arguments)};
}

void tell_coverage(const RunOptions& run, const TestProcess& process, bool passed,
                   TestReport& report) {
  for (const std::string& warning : passed ? std::vector<std::string>() : process.warnings()) {
    report.say("gentle: warning: test '" + run.command.front() + "': " + warning + "\n");
  }
  if (process.coverage().empty() || (passed && !process.lost_coverage())) return;
  report.say("gentle: coverage of '" + run.command.front() + "': " + process.coverage() + "\n");
}

// Ends with the code of something that is wrong beside the test. CTest takes a death by signal for
// a failure whatever the properties of the test are, and no exit code: WILL_FAIL, PASS_ and
// SKIP_REGULAR_EXPRESSION, and SKIP_RETURN_CODE turn each (seen with CMake 3.22 to 4.4).
[[noreturn]] void fail(int exit_code, const CtestTest& test) {
  const bool hides = test.known ? test.may_hide_failure(exit_code) : is_silent(test);
  end_like(hides ? EndStatus{true, SIGABRT} : EndStatus{false, exit_code});
}

[[noreturn]] void run_test(const RunOptions& run, const CtestTest& test) {
  EndStatus end;
  bool all_good = true;  // beside the test itself
  {
    TestReport report = report_for(run, test);
    OrphanWatch orphan;
    TestServices services(run.specs, report);
    TestProcess process(prepare(run, services.variables()), coverage_folder_of(run),
                        limit_for(test, orphan));
    end = process.wait(services, orphan);
    if (test.never_skips_itself && end == EndStatus{false, test.skip_code}) {
      report.say(
          "gentle: '" + run.command.front() + "' ended with " + std::to_string(end.value) +
          ", which its test does not take for a skip: set its SKIP_RETURN_CODE if it is one\n");
      end.value = kExitFailed;
    }
    const TimeLimit& limit = process.limit();
    const bool passed = end == EndStatus{false, 0} && !limit.has_struck();
    if (limit.has_struck()) {
      report.say(Error("run test", run.command.front(), limit.text())
                     .hint("give it more time: TIMEOUT <seconds>")
                     .message());
    }
    tell_coverage(run, process, passed, report);
    if (!passed) services.tell_logs();
    // A test whose own service did not end well has not passed.
    all_good = services.stop_instances() && !limit.has_struck();
    if (!all_good) report.verdict_is_certain();
    if (limit.has_struck()) limit.wait_for_ctest();
  }
  if (!all_good && !end.by_signal) fail(end.value == 0 ? kExitFailed : end.value, test);
  end_like(end);
}

// The test did not run.
[[noreturn]] void give_up(const Error& error, const CtestTest& test) {
  print(stderr, error.message());
  if (error.exit_code() == kExitSkipped) {
    const int skip_code = test.known ? test.skip_code : kExitSkipped;
    if (skip_code >= 0) end_like({false, skip_code});
  }
  // 0, 1 and 2 are the test's own.
  fail(error.exit_code() < kExitOwnFailure ? kExitOwnFailure : error.exit_code(), test);
}

}  // namespace

int run_run(const Arguments& arguments) {
  const CtestTest test = ctest_test_from(Environment::from(environ));
  try {
    RunOptions run = parse_options(arguments);
    const auto& words = run.command;
    if (std::find(words.begin(), words.end(), "--gtest_list_tests") != words.end()) {
      exec_program(with_emulator(run), Environment::from(environ));
    }
    append_arguments(run);
    append_settings(run);
    run_test(run, test);
  } catch (const Error& error) {
    give_up(error, test);
  } catch (const std::exception& error) {
    give_up(Error("run test", "", error.what()), test);
  }
}

}  // namespace gentle

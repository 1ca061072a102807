#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <optional>

#include "base/error.h"
#include "base/exit_code.h"
#include "cli/ctest_program.h"
#include "cli/declared_services.h"
#include "cli/options.h"
#include "cli/orphan_watch.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "cli/test_process.h"
#include "cli/test_report.h"
#include "cli/test_services.h"
#include "cli/time_limit.h"
#include "coverage/keep/coverage_keeper.h"
#include "coverage/keep/coverage_paths.h"
#include "model/argument_file.h"
#include "model/ctest_arguments.h"
#include "model/ctest_test.h"
#include "model/language.h"
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
fails, prints what its services logged meanwhile.

  --with <service>...  names or spec paths; what they depend on comes along. By
                       hand, a name that does not run is started for the test
  --build <dir>, --config <name>  where names are looked up, see gentle start
  --env <VAR>=<value>, --chdir <dir>  one more variable, the folder to run in
  --emulator <list>    a launcher for the command, its words divided by ';'
  --env-from <file>, --append-from <file>  more variables, more <arg>s
  --coverage <spec>    keeps the coverage of a test without services
  --record <language>  COVERAGE of its processes: python, node, java
  --attached <config>  runs the command of an existing test as ctest would

Below ctest it knows the test's properties: it ends the test shortly before its
TIMEOUT, prints nothing where PASS_REGULAR_EXPRESSION and the like read it (see
gentle stop), and fails where an exit code would hide that the test did not run.
Below gdb or lldb by hand it starts what does not run, and becomes the command:
"debug this test" of an IDE debugs that. What was started ends with it.

exit codes: the command's own; a death by signal is repeated; 125 gentle itself
  failed or a service is not there, 126 cannot be executed, 127 not found
)";

struct RunOptions {
  ServiceWords services;
  std::vector<std::string> specs;  // of these services
  bool starts_services = false;    // named by hand: those that do not run
  std::vector<std::string> settings;
  std::string more_settings;  // a file
  std::string folder;
  std::string emulator;
  std::string appended;
  std::string coverage;               // a file
  std::string record;                 // a language
  std::vector<std::string> attached;  // its configuration; nothing: it was made for `gentle run`
  std::vector<std::string> memcheck;  // what stands before the command: cli/memcheck.h
  std::vector<std::string> command;
};

RunOptions parse_options(const Arguments& arguments) {
  RunOptions run;
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  Options options("run", kHelp);
  std::vector<std::string> more_services;
  options.option("--with", run.services.words);
  add_place_options(options, run.services);
  options.rest(more_services);
  options.option("--env", run.settings);
  options.option("--env-from", run.more_settings);
  options.option("--chdir", run.folder);
  options.option("--emulator", run.emulator);
  options.option("--append-from", run.appended);
  options.option("--coverage", run.coverage);
  options.option("--record", run.record);
  options.option("--attached", run.attached);
  options.option("--memcheck", run.memcheck);
  options.parse({arguments.begin(), dashes});
  auto& words = run.services.words;
  if (words.empty() && !more_services.empty()) {
    throw Error("read command line of 'gentle run'", more_services.front(), "unexpected")
        .hint("gentle run --help")
        .exit_code(kExitUsage);
  }
  words.insert(words.end(), more_services.begin(), more_services.end());
  if (dashes != arguments.end()) run.command.assign(dashes + 1, arguments.end());
  if (run.command.empty()) {
    throw Error("read command line of 'gentle run'", "", "no command after --")
        .hint("gentle run --help")
        .exit_code(kExitUsage);
  }
  return run;
}

// Below ctest, and for whoever names a spec, others have started them.
void find_specs(RunOptions& run) {
  const auto& words = run.services.words;
  run.starts_services = !std::all_of(words.begin(), words.end(), is_spec_path) && !owning_ctest();
  run.specs = spec_paths(run.services);
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

// CTest looks for the program of a test in its own PATH, whatever that of the test is. A test that
// was made for `gentle run` may also have its program there alone.
void find_in_path_of_ctest(SpawnOptions& options, const RunOptions& run, const CtestTest& test) {
  std::string& program = options.command.front();
  const char* const ours = ::getenv("PATH");
  const std::string path = !test.path.empty() || ours == nullptr ? test.path : ours;
  if (program.find('/') != std::string::npos || path.empty()) return;
  const bool as_ctest = !run.attached.empty();
  if (!as_ctest && !find_program(program, options.environment.get("PATH")).empty()) return;
  const std::string found = find_program(program, path);
  if (found.empty() && as_ctest) {
    throw Error("start program", program, "not found on the PATH of ctest")
        .hint("CTest does not look in the PATH of a test's ENVIRONMENT: give the program its path")
        .exit_code(kExitNotFound);
  }
  if (!found.empty()) program = found;
}

SpawnOptions prepare(const RunOptions& run, const CtestTest& test, const Variables& variables) {
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
  find_in_path_of_ctest(options, run, test);
  options.command.insert(options.command.begin(), run.memcheck.begin(), run.memcheck.end());
  options.working_directory = expand(run.folder, variables, "the test's WORKING_DIRECTORY");
  // A test does not outlive us: ctest kills what it started, and would not find it.
  options.death_signal = SIGKILL;
  options.keeps_nohup = is_ignored(SIGHUP);
  return options;
}

const std::string& spec_of(const RunOptions& run) {
  return run.specs.empty() ? run.coverage : run.specs.front();
}

std::optional<std::string> coverage_folder_of(const RunOptions& run) {
  const std::string& beside = spec_of(run);
  return beside.empty() ? std::nullopt : coverage_folder_beside(beside);
}

std::optional<Language> language_of(const RunOptions& run) {
  if (run.record.empty()) return std::nullopt;
  if (const auto language = find_language(run.record)) return language;
  throw Error("read command line of 'gentle run'", "--record " + run.record,
              "it is none of " + language_words())
      .hint("gentle run --help")
      .exit_code(kExitUsage);
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
    TestServices services(run.specs, run.starts_services, report);
    TestProcess process(prepare(run, test, services.variables()),
                        {coverage_folder_of(run), language_of(run), spec_of(run)},
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
    // A test whose own service did not end well has not passed, nor has one that has ended others.
    const bool have_folders = services.have_folders();
    all_good = services.stop_instances() && have_folders && !limit.has_struck();
    if (!all_good) report.verdict_is_certain();
    if (limit.has_struck()) limit.wait_for_ctest();
  }
  if (!all_good && !end.by_signal) fail(end.value == 0 ? kExitFailed : end.value, test);
  end_like(end);
}

// An IDE takes a test's command from `ctest --show-only=json-v1`, and debugs that. So this process
// becomes the test. It keeps its pid, so it remains the owner of the services that it has started:
// they are stopped when it has ended, in whatever way. A debugger is the one tracer of the test:
// only its own exit writes its coverage data.
[[noreturn]] void become_test(const RunOptions& run, const CtestTest& test) {
  TestReport report;
  const TestServices services(run.specs, true, report);
  SpawnOptions options = prepare(run, test, services.variables());
  if (const auto folder = coverage_folder_of(run)) {
    CoverageKeeper keeper(test_coverage_folder(*folder, ourselves()), *folder);
    if (const auto language = language_of(run)) keeper.record(*language, spec_of(run));
    keeper.add_environment(options.environment);
  }
  exec_program(options);
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
      SpawnOptions options;
      options.command = with_emulator(run);
      options.environment = Environment::from(environ);
      options.keeps_nohup = is_ignored(SIGHUP);
      exec_program(options);
    }
    find_specs(run);
    append_arguments(run);
    append_settings(run);
    if (is_debugged(::getpid()) && !owning_ctest()) become_test(run, test);
    run_test(run, test);
  } catch (const Error& error) {
    give_up(error, test);
  } catch (const std::exception& error) {
    give_up(Error("run test", "", error.what()), test);
  }
}

}  // namespace gentle

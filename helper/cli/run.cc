#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <optional>

#include "base/deadline.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "cli/test_services.h"
#include "model/argument_file.h"
#include "model/variables.h"
#include "os/file.h"
#include "os/pidfd.h"
#include "os/process.h"
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

void pass_on(SignalFd& signals, int child) {
  while (const auto signal = signals.read()) {
    // What is typed on the terminal has reached the child already.
    if (signal->number != SIGCHLD && !signal->from_terminal) ::kill(child, signal->number);
  }
}

// A ctest that is killed leaves its tests running, without services and with nobody to see how they
// end: so the test is ended, too, and what it has started.
class OrphanWatch {
 public:
  OrphanWatch() : ctest_(owning_ctest()) {
    if (ctest_) pidfd_ = open_pidfd(*ctest_);
  }

  int fd() const { return pidfd_.get(); }
  bool needs_looks() const { return kill_at_ != kNever || (ctest_ && !pidfd_); }

  void look() {
    if (ctest_ && !is_alive(*ctest_)) {
      ctest_.reset();
      pidfd_.reset();
      for (const int pid : descendants_of(::getpid())) told_.push_back(identify(pid));
      signal_all(SIGTERM);
      kill_at_ = Clock::now() + kGrace;
    }
    std::erase_if(told_, [](const ProcessId& id) { return !is_alive(id); });
    if (Clock::now() >= kill_at_) signal_all(SIGKILL);
  }
  bool is_over() const { return told_.empty(); }

 private:
  static constexpr auto kGrace = std::chrono::seconds(2);

  void signal_all(int signal) const {
    for (const ProcessId& id : told_) ::kill(id.pid, signal);
  }

  std::optional<ProcessId> ctest_;  // nothing: none above us, or it has ended
  UniqueFd pidfd_;
  std::vector<ProcessId> told_;
  TimePoint kill_at_ = kNever;
};

EndStatus wait_for(int child, SignalFd& signals, TestServices& services, OrphanWatch& orphan) {
  constexpr int kLookMs = 20;  // between two looks, where no event tells of an end
  std::optional<EndStatus> end;
  while (!end || !orphan.is_over()) {
    std::vector<pollfd> entries = {{signals.fd(), POLLIN, 0}, {orphan.fd(), POLLIN, 0}};
    services.add_poll_entries(entries);
    const bool looks = orphan.needs_looks() || services.needs_looks();
    ::poll(entries.data(), entries.size(), looks ? kLookMs : -1);
    orphan.look();
    services.tell_ended();
    if (!end) pass_on(signals, child);
    int status = 0;
    if (!end && ::waitpid(child, &status, WNOHANG) == child) end = end_status_from_wait(status);
  }
  return *end;
}

[[noreturn]] void run_test(const RunOptions& run) {
  EndStatus end;
  OrphanWatch orphan;  // from the beginning: a ctest that is gone is nobody's ancestor any more
  {
    TestServices services(run.specs);
    const SpawnOptions options = prepare(run, services.variables());
    // After `nohup ctest` the terminal may go: that is nothing to the test, nor to us.
    SignalFd signals{SIGCHLD, SIGTERM, SIGINT, options.keeps_nohup ? SIGTERM : SIGHUP,
                     SIGQUIT, SIGUSR1, SIGUSR2};
    const int child = spawn(options);
    end = wait_for(child, signals, services, orphan);
    const bool passed = end == EndStatus{false, 0};
    if (!passed) services.print_logs();
    // A test whose own service did not end well has not passed.
    if (!services.stop_instances() && passed) end.value = kExitFailed;
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

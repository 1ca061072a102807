#include "cli/test_process.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <vector>

#include "coverage/keep/coverage_paths.h"
#include "os/process.h"

namespace gentle {
namespace {

// Between two looks, where no event tells of an end.
constexpr auto kLook = std::chrono::milliseconds(20);

int milliseconds_until(TimePoint when) {
  if (when == kNever) return -1;
  return static_cast<int>(std::max<long long>(0, milliseconds(when - Clock::now()) + 1));
}

}  // namespace

// After `nohup ctest` the terminal may go: that is nothing to the test, nor to us.
TestProcess::TestProcess(SpawnOptions options, const Coverage& coverage, TimeLimit limit)
    : signals_{SIGCHLD, SIGTERM, SIGINT, options.keeps_nohup ? SIGTERM : SIGHUP,
               SIGQUIT, SIGUSR1, SIGUSR2},
      limit_(limit) {
  if (coverage.folder) {
    keeper_.emplace(test_coverage_folder(*coverage.folder, ourselves()), *coverage.folder);
    if (coverage.language) keeper_->record(*coverage.language, coverage.spec);
    keeper_->add_environment(options.environment);
    keeper_->fold_earlier_data();
    options.short_lived = true;
    options.before_exec = [&](int pid) {
      keeper_->write_for_main();
      return keeper_->follow(pid, options.command.front());
    };
  }
  child_ = spawn(options);
}

EndStatus TestProcess::wait(TestServices& services, OrphanWatch& orphan) {
  while (!end_ || !orphan.is_over()) turn(services, orphan);
  limit_.look(child_, true);
  if (keeper_) keeper_->stop_folding();
  if (keeper_) keeper_->let_go();  // what the test leaves running is not held up by us
  return *end_;
}

void TestProcess::turn(TestServices& services, OrphanWatch& orphan) {
  std::vector<pollfd> entries = {{signals_.fd(), POLLIN, 0}, {orphan.fd(), POLLIN, 0}};
  services.add_poll_entries(entries);
  TimePoint wake = limit_.next_event();
  if (orphan.needs_looks() || services.needs_looks()) wake = std::min(wake, Clock::now() + kLook);
  ::poll(entries.data(), entries.size(), milliseconds_until(wake));
  // First of all what the test itself may stand still for.
  pass_on_signals();
  reap();
  orphan.look();
  services.tell_ended();
  limit_.look(child_, end_.has_value(), keeper_ && keeper_->is_stopped(child_));
}

void TestProcess::pass_on_signals() {
  while (const auto signal = signals_.read()) {
    // What is typed on the terminal has reached the child already.
    const bool is_news = signal->number != SIGCHLD && !signal->from_terminal;
    if (!is_news) continue;
    if (!end_) ::kill(child_, signal->number);
    limit_.signal_came(signal->number);
  }
}

void TestProcess::reap() {
  for (;;) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG | __WALL);
    if (pid <= 0) return;
    if (keeper_ && keeper_->handle(pid, status)) continue;
    if (pid == child_) end_ = end_status_from_wait(status);
  }
}

std::string TestProcess::coverage() const { return keeper_ ? describe(keeper_->ledger()) : ""; }

std::vector<std::string> TestProcess::warnings() const {
  return keeper_ ? keeper_->warnings() : std::vector<std::string>();
}

bool TestProcess::lost_coverage() const { return keeper_ && !keeper_->ledger().lost.empty(); }

}  // namespace gentle

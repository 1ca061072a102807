// READY COMMAND <cmd> [<arg>...]: the command exits with 0. It is run again until it does, in the
// service's folder and environment; what it prints goes to the supervisor's log.
#include <csignal>

#include "base/error.h"
#include "os/spawn.h"
#include "probe/kinds.h"
#include "probe/pace.h"

namespace gentle {
namespace {

class CommandProbe : public Probe {
 public:
  CommandProbe(std::vector<std::string> command, const ProbeContext& context)
      : command_(std::move(command)), context_(context) {}

  CommandProbe(const CommandProbe&) = delete;
  CommandProbe& operator=(const CommandProbe&) = delete;
  ~CommandProbe() override { kill_try(); }

  void give_up() override { end_try(); }

  bool check(TimePoint now) override {
    if (good_) return true;
    if (pid_ > 0) {
      if (now >= next_) {
        end_try();
        seen_ = "no exit within 10 s";
      }
      return false;
    }
    if (now < next_) return false;
    SpawnOptions options;
    options.command = command_;
    options.environment = context_.environment;
    options.working_directory = context_.working_directory;
    options.own_group = true;
    pid_ = spawn(options);
    next_ = now + kOneTry;
    return false;
  }

  TimePoint next_check() const override { return good_ ? TimePoint{} : next_; }
  bool is_state() const override { return true; }
  void look_again() override {
    good_ = false;
    next_ = {};
  }
  bool is_looking() const override { return pid_ > 0 || good_; }
  std::string condition() const override {
    return "command '" + command_.front() + "' to exit with 0";
  }
  std::string last_seen() const override { return seen_; }

  void process_ended(int pid, bool, const EndStatus& end) override {
    if (pid != pid_) return;
    pid_ = 0;
    good_ = end == EndStatus{false, 0};
    if (!gave_up_) seen_ = describe(end);
    gave_up_ = false;
    next_ = pace_.next(Clock::now());
  }

 private:
  static constexpr auto kOneTry = std::chrono::seconds(10);

  void kill_try() const {
    if (pid_ > 0) ::kill(-pid_, SIGKILL);
  }

  void end_try() {
    kill_try();
    gave_up_ = pid_ > 0;
    next_ = kNever;  // until its end is told
  }

  std::vector<std::string> command_;
  ProbeContext context_;
  int pid_ = 0;  // of the try that is under way
  bool good_ = false;
  bool gave_up_ = false;
  std::string seen_ = "no exit yet";
  Pace pace_{std::chrono::milliseconds(5), std::chrono::milliseconds(250), 20};
  TimePoint next_{};
};

}  // namespace

std::unique_ptr<Probe> make_command_probe(const ReadySpec& ready, const ProbeContext& context) {
  return std::make_unique<CommandProbe>(ready.args, context);
}

}  // namespace gentle

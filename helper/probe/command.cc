// READY COMMAND <cmd> [<arg>...]: the command exits with 0. It is run again until it does, in the
// service's folder and environment; what it prints goes to the supervisor's log, and its last words
// into the message of a start that fails.
#include <unistd.h>

#include <csignal>

#include "base/error.h"
#include "base/exit_code.h"
#include "base/plain_text.h"
#include "base/printable.h"
#include "os/file.h"
#include "os/output_pipe.h"
#include "os/spawn.h"
#include "probe/elsewhere.h"
#include "probe/kinds.h"
#include "probe/pace.h"

namespace gentle {
namespace {

// What is shown of a command and of what it says, at most.
constexpr std::size_t kLongestCommand = 300;
constexpr std::size_t kLastBytes = 4096;
constexpr std::size_t kLastLines = 10;

// As one would type it, more or less: for people.
std::string text_of(const std::vector<std::string>& command) {
  std::string text;
  for (const std::string& word : command) {
    const bool plain = !word.empty() && word.find_first_of(" \t\n\"'\\") == std::string::npos;
    text += (text.empty() ? "" : " ") + (plain ? word : "\"" + word + "\"");
  }
  for (char& c : text) c = c == '\n' ? ' ' : c;
  if (text.size() > kLongestCommand) text = text.substr(0, kLongestCommand) + "...";
  return printable(text);
}

// Its last lines, each on one of its own; or "".
std::string last_words(std::string_view said) {
  const std::string shown = printable(PlainText().take(said));
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < shown.size();) {
    const std::size_t end = std::min(shown.find('\n', begin), shown.size());
    if (end > begin) lines.push_back("\n    | " + shown.substr(begin, end - begin));
    begin = end + 1;
  }
  std::string text = lines.empty() ? "" : ", it said:";
  const std::size_t first = lines.size() - std::min(lines.size(), kLastLines);
  for (std::size_t i = first; i < lines.size(); ++i) text += lines[i];
  return text;
}

class CommandProbe : public Probe {
 public:
  CommandProbe(std::vector<std::string> command, const ProbeContext& context)
      : command_(std::move(command)), context_(context) {}

  CommandProbe(const CommandProbe&) = delete;
  CommandProbe& operator=(const CommandProbe&) = delete;
  ~CommandProbe() override { kill_try(); }

  bool check(TimePoint now) override {
    listen();
    if (good_ || over_) return good_;
    if (pid_ > 0) {
      if (now >= next_) {
        end_try();
        seen_ = "no exit within 10 s" + last_words(said_);
      }
      return false;
    }
    if (now >= next_) begin(now);
    return false;
  }

  int fd() const override { return output_.fd(); }
  TimePoint next_check() const override {
    if (over_) return kNever;
    return good_ ? TimePoint{} : next_;
  }
  // A process that the command left, such as a daemon, may have more to say: it is no reason to
  // wait, and shall not end by a SIGPIPE.
  bool stays() const override { return output_.fd() >= 0; }
  void give_up() override {
    end_try();
    over_ = true;
    output_.close_writing_end();
    listen();
  }

  bool is_state() const override { return true; }
  void look_again() override {
    good_ = false;
    next_ = {};
  }
  bool is_looking() const override { return pid_ > 0 || good_; }
  std::string condition() const override {
    return "command '" + text_of(command_) + "' to exit with 0";
  }
  std::string last_seen() const override {
    return (seen_.empty() ? "no exit yet" + last_words(said_) : seen_) + elsewhere_;
  }
  void time_is_up() override {
    elsewhere_ = ports_elsewhere(context_);
    if (!elsewhere_.empty()) elsewhere_ = "\n    " + elsewhere_;
  }

  void process_ended(int pid, bool, const EndStatus& end) override {
    if (pid != pid_) return;
    pid_ = 0;
    listen();
    good_ = end == EndStatus{false, 0};
    if (!gave_up_) seen_ = describe(end) + last_words(said_);
    gave_up_ = false;
    next_ = pace_.next(Clock::now());
  }

 private:
  static constexpr std::size_t kMostNoted = 1U << 20;
  static constexpr auto kOneTry = std::chrono::seconds(10);

  void begin(TimePoint now) {
    SpawnOptions options;
    options.command = command_;
    options.environment = context_.environment;
    options.working_directory = context_.working_directory;
    options.own_group = true;
    options.stdout_fd = output_.writing_end();
    options.stderr_fd = output_.writing_end();
    said_.clear();
    try {
      pid_ = spawn(options);
      next_ = now + kOneTry;
    } catch (const Error& error) {
      not_executed(error);
      next_ = pace_.next(now);
    }
  }

  // A service may bring its client along, in a place of its own. But it puts none into PATH: there
  // is no reason to wait for one that is not there.
  void not_executed(const Error& error) {
    if (error.exit_code() != kExitNotFound && error.exit_code() != kExitNotExecutable) throw error;
    if (command_.front().find('/') == std::string::npos) {
      throw Error("start service", context_.service,
                  "READY COMMAND cannot be executed: '" + command_.front() + "': " + error.cause())
          .hint(
              "install it, or correct READY COMMAND; if the service brings it along, give its path")
          .exit_code(error.exit_code());
    }
    seen_ = "it cannot be executed: " + error.cause();
  }

  void listen() {
    output_.drain([this](std::string_view text) {
      note(text.substr(0, kMostNoted - noted_));
      said_ += text;
      if (said_.size() > kLastBytes) said_.erase(0, said_.size() - kLastBytes);
    });
  }

  // In the supervisor's log, which nobody shortens.
  void note(std::string_view text) {
    if (::write(STDERR_FILENO, text.data(), text.size()) >= 0) noted_ += text.size();
  }

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
  OutputPipe output_;      // of all tries
  std::size_t noted_ = 0;  // of it
  std::string said_;       // the last bytes of this one
  int pid_ = 0;            // of the try that is under way
  bool good_ = false;
  bool gave_up_ = false;
  bool over_ = false;
  std::string seen_;
  std::string elsewhere_;  // where the service listens that it does not find
  Pace pace_{std::chrono::milliseconds(5), std::chrono::milliseconds(250), 20};
  TimePoint next_{};
};

}  // namespace

std::unique_ptr<Probe> make_command_probe(const ReadySpec& ready, const ProbeContext& context) {
  return std::make_unique<CommandProbe>(ready.args, context);
}

}  // namespace gentle

// READY LOG <regex>: a line of the service's output matches.
#include <fcntl.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "os/regex.h"
#include "os/watch.h"
#include "probe/kinds.h"

namespace gentle {
namespace {

// Lines longer than this are looked at piece by piece; the pieces overlap by half, so that a match
// of up to half of it is found wherever it stands.
constexpr std::size_t kLongestPiece = 65536;
// A line that has not ended yet is looked at again with each byte that comes, but only as long as
// it is a prompt and not a flood.
constexpr std::size_t kLongestPrompt = 4096;
// What one check may read, so that a service that writes without end leaves time for the rest.
constexpr std::size_t kMostAtOnce = 1 << 20;

class LogProbe : public Probe {
 public:
  LogProbe(std::string pattern, const std::string& path)
      : pattern_(std::move(pattern)),
        regex_(pattern_),
        fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    watched_ = watch_.add_file(path);
  }

  bool check(TimePoint now) override {
    watch_.drain();
    next_ = now + (watched_ ? kBackstop : kUnwatched);
    char buffer[16384];
    for (std::size_t total = 0; total < kMostAtOnce;) {
      const ssize_t got = ::read(fd_.get(), buffer, sizeof buffer);
      if (got <= 0) return take_partial_line();
      total += static_cast<std::size_t>(got);
      if (take({buffer, static_cast<std::size_t>(got)})) return true;
    }
    next_ = now;
    return false;
  }

  int fd() const override { return watch_.fd(); }
  TimePoint next_check() const override { return next_; }
  std::string condition() const override { return "log line matching '" + pattern_ + "'"; }
  std::string last_seen() const override {
    return std::to_string(lines_) + (lines_ == 1 ? " line, no match" : " lines, no match");
  }

 private:
  static constexpr auto kBackstop = std::chrono::milliseconds(50);
  static constexpr auto kUnwatched = std::chrono::milliseconds(2);

  bool take(std::string_view text) {
    while (!text.empty()) {
      const std::size_t newline = text.find('\n');
      line_ += text.substr(0, newline);
      if (newline == std::string_view::npos) return line_.size() >= kLongestPiece && take_piece();
      if (take_line()) return true;
      text.remove_prefix(newline + 1);
    }
    return false;
  }

  bool take_line() {
    ++lines_;
    if (line_.ends_with('\r')) line_.pop_back();
    const bool match = regex_.matches(line_, whole_, true);
    line_.clear();
    whole_ = true;
    tried_ = 0;
    return match;
  }

  bool take_piece() {
    if (regex_.matches(line_, whole_, false)) return true;
    line_.erase(0, line_.size() - kLongestPiece / 2);
    whole_ = false;
    tried_ = line_.size();
    return false;
  }

  // A prompt without a newline counts too; its end is not yet known, so $ does not match there.
  bool take_partial_line() {
    if (line_.size() == tried_ || line_.size() > kLongestPrompt) return false;
    tried_ = line_.size();
    return regex_.matches(line_, whole_, false);
  }

  std::string pattern_;
  Regex regex_;
  UniqueFd fd_;
  Watch watch_;
  bool watched_ = false;
  std::string line_;       // the line, or the piece of it, that has not ended yet
  bool whole_ = true;      // line_ starts where the line does
  std::size_t tried_ = 0;  // how much of line_ has been looked at as a partial line
  long lines_ = 0;
  TimePoint next_{};
};

}  // namespace

std::unique_ptr<Probe> make_log_probe(const ReadySpec& ready, const ProbeContext& context) {
  return std::make_unique<LogProbe>(ready.args.at(0), context.log_path);
}

}  // namespace gentle

// READY LOG <regex> [TIMES <n>]: a line of the service's output matches, or n lines do.
//
// The lines are those that a person sees: colours are none of it, and a progress bar that is
// written over itself (\r) is a line each time.
#include "base/plain_text.h"
#include "os/regex.h"
#include "probe/kinds.h"

namespace gentle {
namespace {

// Lines longer than this are looked at piece by piece; the pieces overlap by half, so that a match
// of up to half of it is found wherever it stands.
constexpr std::size_t kLongestPiece = 65536;
// A line that has not ended may be a prompt. After much of it what is new is looked at together
// with so much of what comes before.
constexpr std::size_t kPromptContext = 4096;
// So little that is new waits, so that text that comes byte by byte is not looked at with each one.
constexpr auto kPromptPace = std::chrono::microseconds(500);

class LogProbe : public Probe {
 public:
  LogProbe(std::string pattern, int times)
      : pattern_(std::move(pattern)), regex_(pattern_), times_(times) {}

  void service_wrote(std::string_view text) override {
    const std::string shown = plain_.take(text);
    for (std::string_view rest = shown; !rest.empty() && matches_ < times_;) rest = take(rest);
  }

  bool check(TimePoint now) override {
    if (matches_ < times_ && prompt_due(now)) look_at_prompt(now);
    return matches_ >= times_;
  }

  TimePoint next_check() const override {
    if (matches_ >= times_ || line_.size() >= tried_ + kPromptContext) return {};
    return line_.size() > tried_ ? next_prompt_ : kNever;
  }
  std::string condition() const override {
    return "log line matching '" + pattern_ + "'" +
           (times_ > 1 ? ", " + std::to_string(times_) + " times" : "");
  }
  std::string last_seen() const override {
    const std::string lines = std::to_string(lines_) + (lines_ == 1 ? " line, " : " lines, ");
    if (matches_ == 0 && is_there_as_text_) {
      return lines +
             "no match, but one has it as plain text; write \\ before each of ( ) [ { . * + ? ^ $ "
             "| that is meant so";
    }
    if (matches_ == 0) return lines + "no match";
    return lines + std::to_string(matches_) + (matches_ == 1 ? " match" : " matches");
  }

 private:
  // Up to the end of a line. Returns what follows.
  std::string_view take(std::string_view text) {
    if (after_return_ && text.front() == '\n') text.remove_prefix(1);  // \r\n is one end
    const std::size_t end = text.find_first_of("\r\n");
    line_ += text.substr(0, end);
    after_return_ = false;
    if (end == std::string_view::npos) {
      if (line_.size() >= kLongestPiece) take_piece();
      return {};
    }
    take_line();
    after_return_ = text[end] == '\r';
    return text.substr(end + 1);
  }

  void take_line() {
    ++lines_;
    count_if(line_, whole_, true);
    line_.clear();
    whole_ = true;
    counted_ = false;
    tried_ = 0;
  }

  void take_piece() {
    count_if(line_, whole_, false);
    line_.erase(0, line_.size() - kLongestPiece / 2);
    whole_ = false;
    tried_ = line_.size();
  }

  bool prompt_due(TimePoint now) const {
    const std::size_t fresh = line_.size() - tried_;
    return fresh > 0 && (fresh >= kPromptContext || now >= next_prompt_);
  }

  // Its end is not yet known, so $ does not match there.
  void look_at_prompt(TimePoint now) {
    const std::size_t from = tried_ > kPromptContext ? tried_ - kPromptContext : 0;
    count_if(std::string_view(line_).substr(from), whole_ && from == 0, false);
    tried_ = line_.size();
    next_prompt_ = now + kPromptPace;
  }

  // Each line counts once.
  void count_if(std::string_view text, bool whole_begin, bool whole_end) {
    if (counted_) return;
    if (!regex_.matches(text, whole_begin, whole_end)) {
      if (!is_there_as_text_) is_there_as_text_ = text.find(pattern_) != std::string_view::npos;
      return;
    }
    counted_ = true;
    ++matches_;
  }

  std::string pattern_;
  Regex regex_;
  int times_;
  int matches_ = 0;
  PlainText plain_;
  std::string line_;           // the line, or the piece of it, that has not ended yet
  bool whole_ = true;          // line_ starts where the line does
  bool counted_ = false;       // the line has matched
  bool after_return_ = false;  // the last line ended with \r
  std::size_t tried_ = 0;      // how much of line_ has been looked at as a prompt
  TimePoint next_prompt_{};
  long lines_ = 0;
  bool is_there_as_text_ = false;  // "listening (http)", of which the parentheses are a group
};

}  // namespace

std::unique_ptr<Probe> make_log_probe(const ReadySpec& ready, const ProbeContext&) {
  return std::make_unique<LogProbe>(ready.args.at(0), ready.times);
}

}  // namespace gentle

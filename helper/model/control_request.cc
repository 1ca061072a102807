#include "model/control_request.h"

#include <array>

namespace gentle {
namespace {

struct Word {
  Verb verb;
  std::string_view text;
};

constexpr std::array<Word, 5> kWords = {{{Verb::kStart, "start"},
                                         {Verb::kStartAndLeave, "start-and-leave"},
                                         {Verb::kStop, "stop"},
                                         {Verb::kStatus, "status"},
                                         {Verb::kProgress, "progress"}}};

}  // namespace

std::string to_text(const ControlRequest& request) {
  std::string text;
  for (const Word& word : kWords) {
    if (word.verb == request.verb) text = word.text;
  }
  const bool has_owner = request.verb != Verb::kStatus && request.verb != Verb::kProgress;
  return has_owner ? text + " " + to_text(request.owner) : text;
}

std::optional<ControlRequest> parse_control_request(std::string_view line) {
  const std::string_view verb = line.substr(0, line.find(' '));
  const std::string_view rest =
      line.substr(verb.size() == line.size() ? verb.size() : verb.size() + 1);
  for (const Word& word : kWords) {
    if (word.text == verb) {
      return ControlRequest{word.verb, parse_process_id(rest).value_or(ProcessId{})};
    }
  }
  return std::nullopt;
}

}  // namespace gentle

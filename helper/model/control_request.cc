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
  if (request.verb == Verb::kStatus || request.verb == Verb::kProgress) return text;
  text += " " + to_text(request.owner);
  return request.configuration.empty() ? text : text + " " + request.configuration;
}

std::optional<ControlRequest> parse_control_request(std::string_view line) {
  const std::string_view verb = line.substr(0, line.find(' '));
  const std::string_view rest =
      line.substr(verb.size() == line.size() ? verb.size() : verb.size() + 1);
  for (const Word& word : kWords) {
    if (word.text == verb) {
      const bool starts = word.verb == Verb::kStart || word.verb == Verb::kStartAndLeave;
      const std::size_t end = starts ? rest.find(' ') : std::string_view::npos;
      const auto owner = parse_process_id(rest.substr(0, end));
      const auto configuration =
          end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
      return ControlRequest{word.verb, owner.value_or(ProcessId{}), std::string(configuration)};
    }
  }
  return std::nullopt;
}

}  // namespace gentle

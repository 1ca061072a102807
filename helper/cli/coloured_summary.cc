#include "cli/coloured_summary.h"

#include <algorithm>
#include <optional>

#include "base/number.h"

namespace gentle {
namespace {

constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kGreen = "\033[32m";
constexpr std::string_view kYellow = "\033[33m";
constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kPlain = "\033[0m";
// In percent.
constexpr int kHigh = 90;
constexpr int kMedium = 75;

// Where the share ends that begins here: "83.9% (52/62)"; nothing if there is none.
std::optional<std::size_t> end_of_share(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    at = std::min(text.find_first_not_of(kDigits, at), text.size());
    return at > begin;
  };
  const auto word = [&](std::string_view expected) {
    if (!text.substr(at).starts_with(expected)) return false;
    at += expected.size();
    return true;
  };
  if (digits() && word(".") && digits() && word("% (") && digits() && word("/") && digits() &&
      word(")")) {
    return at;
  }
  return std::nullopt;
}

std::string_view colour_of(std::string_view share) {
  const int percent = parse_integer<int>(share.substr(0, share.find('.')), 0, 100).value_or(0);
  if (percent >= kHigh) return kGreen;
  return percent >= kMedium ? kYellow : kRed;
}

std::string bold(std::string_view text) {
  if (text.empty()) return "";
  return std::string(kBold).append(text).append(kPlain);
}

}  // namespace

std::string coloured_summary(std::string_view text) {
  const std::size_t first_line = std::min(text.find('\n'), text.size());
  std::string coloured = bold(text.substr(0, first_line));
  for (std::size_t at = first_line; at < text.size();) {
    const bool may_begin = at > 0 && text[at - 1] == ' ';
    const auto length = may_begin ? end_of_share(text.substr(at)) : std::nullopt;
    if (!length) {
      coloured += text[at++];
      continue;
    }
    const std::string_view share = text.substr(at, *length);
    coloured.append(colour_of(share)).append(share).append(kPlain);
    at += *length;
  }
  return coloured;
}

}  // namespace gentle

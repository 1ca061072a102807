// Numbers from text: the whole text must be the number.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

#include "base/deadline.h"

namespace gentle {

template <typename Integer>
std::optional<Integer> parse_integer(std::string_view text, Integer least, Integer most) {
  Integer value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value < least || value > most) return std::nullopt;
  return value;
}

// Seconds with up to three decimals: "30", "0.25". At most a week, so that no sum overflows.
inline std::optional<Duration> parse_seconds(std::string_view text) {
  const std::size_t point = text.find('.');
  const auto whole = parse_integer<long>(text.substr(0, point), 0, 7L * 24 * 3600);
  if (!whole) return std::nullopt;
  long thousandths = 0;
  if (point != std::string_view::npos) {
    const std::string_view digits = text.substr(point + 1);
    const auto fraction = parse_integer<long>(digits, 0, 999);
    if (!fraction || digits.size() > 3 || digits.front() == '-') return std::nullopt;
    thousandths = *fraction;
    for (std::size_t i = digits.size(); i < 3; ++i) thousandths *= 10;
  }
  return std::chrono::seconds(*whole) + std::chrono::milliseconds(thousandths);
}

}  // namespace gentle

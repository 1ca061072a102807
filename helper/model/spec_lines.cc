#include "model/spec_lines.h"

#include <algorithm>

#include "model/nearest.h"

namespace gentle {
namespace {

constexpr std::string_view kLastLine = "end";

using Read = std::function<void(std::size_t, std::string_view)>;

void read_line(std::string_view line, const std::vector<std::string>& keys, const Read& read) {
  const std::size_t space = line.find(' ');
  const std::string_view key = line.substr(0, space);
  const std::string_view value =
      space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
  if (value.find('\0') != std::string_view::npos) throw WrongSpec{"holds a NUL byte"};
  const auto known = std::find(keys.begin(), keys.end(), key);
  if (known == keys.end()) {
    const std::string near = nearest(key, keys);
    throw WrongSpec{"unknown key " + in_quotes(key) +
                    (near.empty() ? "" : ", did you mean '" + near + "'?")};
  }
  try {
    read(static_cast<std::size_t>(known - keys.begin()), value);
  } catch (const WrongSpec& wrong) {
    throw WrongSpec{in_quotes(key) + ": " + wrong.cause};
  }
}

}  // namespace

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string parse_absolute(std::string_view value) {
  if (value.empty() || value.front() != '/') {
    throw WrongSpec{in_quotes(value) + " is no absolute path"};
  }
  return std::string(value);
}

void read_spec_lines(std::string_view text, std::string_view first_line,
                     const std::vector<std::string>& keys, const Read& read) {
  bool ended = false;
  const bool has_closing_marks = text.substr(0, text.find('\n')) == std::string(first_line) + "|";
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    try {
      if (ended) throw WrongSpec{"text after 'end'"};
      if (has_closing_marks && !line.ends_with('|')) throw WrongSpec{"does not end with '|'"};
      if (has_closing_marks) line.remove_suffix(1);
      if (number == 1) {
        if (line != first_line) throw WrongSpec{"is not " + in_quotes(first_line)};
      } else if (line == kLastLine) {
        ended = true;
      } else {
        read_line(line, keys, read);
      }
    } catch (const WrongSpec& wrong) {
      throw WrongSpec{"line " + std::to_string(number) + ": " + wrong.cause};
    }
  }
  if (!ended) throw WrongSpec{"it is truncated: its last line is not 'end'"};
}

}  // namespace gentle

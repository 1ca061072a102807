#include "model/foreign_regex.h"

#include <algorithm>

namespace gentle {
namespace {

using Text = std::string_view;

struct Spelling {
  char letter;  // behind the backslash
  Text in_posix;
  Text in_brackets;
};

constexpr Spelling kSpellings[] = {
    {'d', "[0-9]", "0-9"},
    {'D', "[^0-9]", ""},
    {'w', "[[:alnum:]_]", "[:alnum:]_"},
    {'W', "[^[:alnum:]_]", ""},
    {'s', "[[:space:]]", "[:space:]"},
    {'S', "[^[:space:]]", ""},
    {'h', "[[:blank:]]", "[:blank:]"},
    {'t', "[[:blank:]], or the character itself", "[:blank:]"},
    {'A', "^", ""},
    {'z', "$", ""},
    {'Z', "$", ""},
};

// Measured: a glibc of 2.36 and a musl of 1.2.3 take them as Perl does.
constexpr Text kEverywhere = "wWsSbB";

const Spelling* find_spelling(char letter) {
  for (const Spelling& spelling : kSpellings) {
    if (spelling.letter == letter) return &spelling;
  }
  return nullptr;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string escaped(char letter) { return std::string("'\\") + letter + "'"; }

std::string foreign_escape(char letter) {
  if (!is_letter(letter) || kEverywhere.find(letter) != Text::npos) return "";
  const Spelling* known = find_spelling(letter);
  return escaped(letter) + " is not POSIX; write " +
         (known == nullptr ? std::string("the character itself") : std::string(known->in_posix));
}

std::string foreign_in_brackets(char letter) {
  const Spelling* known = find_spelling(letter);
  if (known == nullptr || known->in_brackets.empty()) return "";
  return "within [ ] a \\ stands for itself; write " + std::string(known->in_brackets) + " for " +
         escaped(letter);
}

std::string foreign_group(Text rest) {
  if (!rest.starts_with("(?")) return "";
  if (rest.starts_with("(?:")) return "'(?:' is not POSIX; write '('";
  if (rest.starts_with("(?P<")) return "'(?P<' is not POSIX; write '('";
  for (const Text look : {"(?=", "(?!", "(?<=", "(?<!"}) {
    if (rest.starts_with(look)) {
      return "'" + std::string(look) +
             "' is not POSIX; add one more READY LOG for what else must be "
             "in the log";
    }
  }
  if (rest.starts_with("(?<")) return "'(?<' is not POSIX; write '('";
  return "'" + std::string(rest.substr(0, 3)) +
         "' is not POSIX; write [Aa] for a letter of either case";
}

bool repeats(char c) { return c == '*' || c == '+' || c == '?' || c == '}'; }

// The position behind the bracket expression that begins at `begin`, whose classes hold brackets
// too.
std::size_t end_of_brackets(Text pattern, std::size_t begin) {
  std::size_t i = begin + 1;
  if (i < pattern.size() && pattern[i] == '^') ++i;
  if (i < pattern.size() && pattern[i] == ']') ++i;  // a first one stands for itself
  while (i < pattern.size() && pattern[i] != ']') {
    const bool opens = pattern[i] == '[' && i + 1 < pattern.size() &&
                       Text(":.=").find(pattern[i + 1]) != Text::npos;
    if (opens) {
      const char closing[] = {pattern[i + 1], ']'};
      const std::size_t end = pattern.find(Text(closing, 2), i + 2);
      if (end == Text::npos) return pattern.size();
      i = end + 1;
    }
    ++i;
  }
  return std::min(i + 1, pattern.size());
}

}  // namespace

std::string foreign_syntax(Text pattern) {
  bool after_repetition = false;
  for (std::size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    std::string cause;
    std::size_t next = i + 1;
    if (c == '\\' && next < pattern.size()) {
      cause = foreign_escape(pattern[next]);
      ++next;
    } else if (c == '[') {
      next = end_of_brackets(pattern, i);
      const Text inside = pattern.substr(i, next - i);
      const std::size_t slash = inside.find('\\');
      if (slash + 1 < inside.size() && slash != Text::npos) {
        cause = foreign_in_brackets(inside[slash + 1]);
      }
    } else if (c == '(') {
      cause = foreign_group(pattern.substr(i));
    } else if (after_repetition && (c == '?' || c == '+')) {
      // As strings: of a char that is added to one, gcc 14 warns for nothing.
      const std::string twice(pattern.substr(i - 1, 2));
      cause = "'" + twice + "' is not POSIX; write '" + twice.substr(0, 1) +
              "': only whether a line matches counts";
    }
    if (!cause.empty()) return cause;
    after_repetition = next == i + 1 && repeats(c);
    i = next;
  }
  return "";
}

}  // namespace gentle

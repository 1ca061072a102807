#include "os/regex.h"

#include <regex.h>

#include <algorithm>

#include "base/error.h"
#include "os/regexec.h"

namespace gentle {
namespace {

// What the C library takes and we do not, or "". Within brackets \ and ( are characters like any
// other.
std::string unsupported(const std::string& pattern) {
  int depth = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    switch (pattern[i]) {
      case '\\':
        if (++i < pattern.size() && pattern[i] >= '1' && pattern[i] <= '9') {
          return "a back-reference such as \\1 is not supported";
        }
        break;
      case '[':
        i += i + 1 < pattern.size() && pattern[i + 1] == '^' ? 2 : 1;
        i = std::min(pattern.find(']', i + 1), pattern.size());  // a first ] stands for itself
        break;
      case '(':
        ++depth;
        break;
      case ')':
        if (--depth < 0) return "a ) without its ( needs a \\";
        break;
      default:
        break;
    }
  }
  return "";
}

Error wrong_regex(const std::string& pattern, const std::string& cause) {
  return Error("read regex", pattern, cause)
      .hint("READY LOG takes a POSIX extended regular expression; a literal ( or [ needs a \\");
}

}  // namespace

struct Regex::Compiled {
  regex_t regex{};

  // `pattern` is what people wrote, for the message.
  Compiled(const std::string& text, const std::string& pattern) {
    const int error = ::regcomp(&regex, text.c_str(), REG_EXTENDED | REG_NOSUB);
    if (error == 0) return;
    if (error == REG_ESPACE) {
      throw Error("read regex", pattern,
                  "it needs too much memory, as each number in { } costs its size")
          .hint("write a smaller number, or * or +");
    }
    char cause[256];
    ::regerror(error, &regex, cause, sizeof cause);
    throw wrong_regex(pattern, cause);
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() { ::regfree(&regex); }
};

// The C library tries a regex at each byte in turn, which takes quadratic time where each try goes
// far before it fails, such as [a-z]+[0-9]+ in a long word. An anchored one is tried once. (No line
// holds a newline, so [^\n] is any byte, where a dot is any but NUL.)
Regex::Regex(const std::string& pattern) {
  const Compiled check(pattern, pattern);
  const std::string cause = unsupported(pattern);
  if (!cause.empty()) throw wrong_regex(pattern, cause);
  from_begin_ = std::make_shared<const Compiled>("^[^\n]*(" + pattern + ")", pattern);
  from_inside_ = std::make_shared<const Compiled>("^[^\n]+(" + pattern + ")", pattern);
}

bool Regex::matches(std::string_view text, bool whole_begin, bool whole_end) const {
  const Compiled& compiled = whole_begin ? *from_begin_ : *from_inside_;
  return regex_matches(compiled.regex, text, whole_end ? 0 : REG_NOTEOL);
}

}  // namespace gentle

#include "os/regex.h"

#include <regex.h>

#include "base/error.h"

namespace gentle {

struct Regex::Compiled {
  regex_t regex{};
  bool valid = false;

  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() {
    if (valid) ::regfree(&regex);
  }
};

Regex::Regex(const std::string& pattern) {
  auto compiled = std::make_shared<Compiled>();
  const int error = ::regcomp(&compiled->regex, pattern.c_str(), REG_EXTENDED | REG_NOSUB);
  if (error != 0) {
    char text[256];
    ::regerror(error, &compiled->regex, text, sizeof text);
    throw Error("read regex", pattern, text)
        .hint("READY LOG takes a POSIX extended regular expression; a literal ( or [ needs a \\");
  }
  compiled->valid = true;
  compiled_ = std::move(compiled);
}

bool Regex::matches(std::string_view text, bool at_begin, bool at_end) const {
  regmatch_t range{};
  range.rm_eo = static_cast<regoff_t>(text.size());
  // REG_STARTEND: the text has a length, so that a NUL byte is a byte like any other.
  const int flags = REG_STARTEND | (at_begin ? 0 : REG_NOTBOL) | (at_end ? 0 : REG_NOTEOL);
  return ::regexec(&compiled_->regex, text.data(), 0, &range, flags) == 0;
}

}  // namespace gentle

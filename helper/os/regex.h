// POSIX extended regular expressions over bytes (regex(7)), by the C library.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace gentle {

class Regex {
 public:
  // Throws Error for a wrong one.
  explicit Regex(const std::string& pattern);

  // Whether some part of the text matches. `at_begin` and `at_end`: whether ^ and $ may match
  // there.
  bool matches(std::string_view text, bool at_begin, bool at_end) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace gentle

// POSIX extended regular expressions over bytes (regex(7)), by the C library, in linear time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace gentle {

class Regex {
 public:
  // Throws Error for a wrong one, and for one with a back-reference, which takes exponential time.
  explicit Regex(const std::string& pattern);

  // Whether some part of the line matches. `whole_begin` and `whole_end`: whether ^ and $ may match
  // there; without the begin, the first byte of the text is only looked at as what comes before.
  bool matches(std::string_view text, bool whole_begin, bool whole_end) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> from_begin_;
  std::shared_ptr<const Compiled> from_inside_;
};

}  // namespace gentle

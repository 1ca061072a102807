// regexec(3) for a text that has a length instead of a NUL at its end.
#pragma once

#include <regex.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace gentle {

#ifdef REG_STARTEND  // glibc, the BSDs: a NUL byte is a byte like any other

inline bool regex_matches(const regex_t& regex, std::string_view text, int flags) {
  regmatch_t range{};
  range.rm_eo = static_cast<regoff_t>(text.size());
  return ::regexec(&regex, text.data(), 0, &range, flags | REG_STARTEND) == 0;
}

#else  // musl: for NUL stands a byte that nobody writes into a log or into an expression

inline bool regex_matches(const regex_t& regex, std::string_view text, int flags) {
  std::string copy(text);
  std::replace(copy.begin(), copy.end(), '\0', '\1');
  return ::regexec(&regex, copy.c_str(), 0, nullptr, flags) == 0;
}

#endif

}  // namespace gentle

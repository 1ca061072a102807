// FILTER and EXCLUDE are regular expressions of Python, because gcovr is written in it: only Python
// knows which are right.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"

namespace gentle {

struct Filter {
  std::string keyword;  // FILTER or EXCLUDE
  std::string regex;
};

struct WrongFilter {
  Filter filter;
  std::string cause;
};

// The first one that gcovr's Python refuses. Nothing if it takes them all, or if there is no gcovr
// or no Python to ask: the report says so. `gcovr` is a program, or "" for the one in PATH.
std::optional<WrongFilter> find_wrong_filter(const std::vector<Filter>& filters,
                                             const std::string& gcovr,
                                             const Environment& environment);

// The interpreter that the beginning of a Python script names, as pip, uv, distributions and
// virtual environments write it: a path, a name to be looked up, or "" if it names none.
std::string python_of_script(std::string_view script);

}  // namespace gentle

#include "model/ctest_arguments.h"

namespace gentle {
namespace {

// CTest takes the last one, as "-FC <regex>" or "-FC=<regex>".
std::string last_value(const std::vector<std::string>& arguments, const std::string& option,
                       const std::string& long_option) {
  std::string value;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    for (const std::string& name : {option, long_option}) {
      if (arguments[i] == name && i + 1 < arguments.size()) value = arguments[i + 1];
      if (arguments[i].starts_with(name + "=")) value = arguments[i].substr(name.size() + 1);
    }
  }
  return value;
}

}  // namespace

std::vector<std::string> excluded_cleanups(const std::vector<std::string>& ctest_arguments) {
  std::vector<std::string> patterns;
  for (std::string pattern : {last_value(ctest_arguments, "-FC", "--fixture-exclude-cleanup"),
                              last_value(ctest_arguments, "-FA", "--fixture-exclude-any")}) {
    if (!pattern.empty()) patterns.push_back(std::move(pattern));
  }
  return patterns;
}

}  // namespace gentle

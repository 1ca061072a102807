#include "model/ctest_arguments.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/number.h"

namespace gentle {
namespace {

// CTest takes the last one, as "-FC <regex>" or "-FC=<regex>". `names`: short and long.
std::string last_value(const std::vector<std::string>& arguments,
                       std::initializer_list<std::string> names) {
  std::string value;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    for (const std::string& name : names) {
      if (arguments[i] == name && i + 1 < arguments.size()) value = arguments[i + 1];
      if (arguments[i].starts_with(name + "=")) value = arguments[i].substr(name.size() + 1);
    }
  }
  return value;
}

}  // namespace

std::vector<std::string> excluded_cleanups(const std::vector<std::string>& ctest_arguments) {
  std::vector<std::string> patterns;
  for (std::string pattern : {last_value(ctest_arguments, {"-FC", "--fixture-exclude-cleanup"}),
                              last_value(ctest_arguments, {"-FA", "--fixture-exclude-any"})}) {
    if (!pattern.empty()) patterns.push_back(std::move(pattern));
  }
  return patterns;
}

std::optional<Duration> timeout_option(const std::vector<std::string>& ctest_arguments) {
  return parse_seconds(last_value(ctest_arguments, {"--timeout"}));
}

bool selects_tests(const std::vector<std::string>& ctest_arguments) {
  constexpr std::array kOptions = {"-R",
                                   "--tests-regex",
                                   "-E",
                                   "--exclude-regex",
                                   "-L",
                                   "-LE",
                                   "--label-regex",
                                   "-I",
                                   "--label-exclude",
                                   "--tests-information",
                                   "--tests-from-file",
                                   "--exclude-from-file"};
  return reruns_failed(ctest_arguments) ||
         std::any_of(kOptions.begin(), kOptions.end(), [&](const char* option) {
           return !last_value(ctest_arguments, {option}).empty();
         });
}

bool reruns_failed(const std::vector<std::string>& ctest_arguments) {
  return std::find(ctest_arguments.begin(), ctest_arguments.end(), "--rerun-failed") !=
         ctest_arguments.end();
}

bool runs_script(const std::vector<std::string>& ctest_arguments) {
  constexpr std::array kOptions = {"-S", "-SP", "--script", "--script-new-process"};
  return std::any_of(kOptions.begin(), kOptions.end(), [&](const char* option) {
    return !last_value(ctest_arguments, {option}).empty();
  });
}

}  // namespace gentle

#include "model/ctest_test.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/number.h"
#include "base/signal_name.h"
#include "model/variables.h"

namespace gentle {
namespace {

constexpr const char* kTest = "GENTLE_TEST";  // the version of ctest
constexpr const char* kDisabled = "GENTLE_DISABLED_";

// CMake takes more words for false (cmIsOff); to be careful with what is false costs nothing.
bool is_on(std::string value) {
  constexpr std::array kFalse = {"", "0", "OFF", "NO", "FALSE", "N"};
  std::transform(value.begin(), value.end(), value.begin(), [](unsigned char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  return std::find(kFalse.begin(), kFalse.end(), value) == kFalse.end();
}

// What CTest takes for a number of seconds, cut to milliseconds: "3", "2.5", "1e3" is nothing.
std::optional<Duration> seconds_of(const std::string& text) {
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return parse_seconds(text);
  return parse_seconds(text.substr(0, std::min(text.size(), point + 4)));
}

// TIMEOUT_SIGNAL_NAME came with CMake 3.27.
bool knows_timeout_signal(std::string_view version) {
  const std::size_t point = version.find('.');
  if (point == std::string_view::npos) return false;
  const std::string_view rest = version.substr(point + 1);
  const auto major = parse_integer<int>(version.substr(0, point), 0, 1000);
  const auto minor = parse_integer<int>(rest.substr(0, rest.find('.')), 0, 1000);
  return major && minor && (*major > 3 || (*major == 3 && *minor >= 27));
}

}  // namespace

CtestTest ctest_test_from(const Environment& environment) {
  const auto get = [&](const char* what) { return environment.get(std::string(kTest) + what); };
  CtestTest test;
  const std::string version = environment.get(kTest);
  if (version.empty()) return test;
  test.known = true;
  test.name = get("_NAME");
  test.path = get("_PATH");
  test.timeout_moves = is_on(get("_TIMEOUT_AFTER_MATCH"));
  test.output_is_matched = test.timeout_moves || is_on(get("_OUTPUT_IS_MATCHED"));
  test.skipped_by = get("_SKIPPED_BY");
  test.will_fail = is_on(get("_WILL_FAIL"));
  test.skip_code = parse_integer<int>(get("_SKIP_RETURN_CODE"), 0, 255).value_or(-1);
  test.never_skips_itself = is_on(get("_NEVER_SKIPS_ITSELF"));
  test.timeout = seconds_of(get("_TIMEOUT"));
  test.default_timeout = seconds_of(get("_DEFAULT_TIMEOUT"));
  test.timeout_signal = signal_number(get("_TIMEOUT_SIGNAL_NAME"));
  test.grace_period = seconds_of(get("_TIMEOUT_SIGNAL_GRACE_PERIOD"));
  test.ctest_sends_signal = test.timeout_signal && knows_timeout_signal(version);
  return test;
}

bool is_disabled(const Environment& environment, const std::string& service) {
  return is_on(environment.get(kDisabled + variable_prefix(service)));
}

void forget_ctest_test(Environment& environment) {
  for (const char* what :
       {"", "_NAME", "_PATH", "_TIMEOUT_AFTER_MATCH", "_OUTPUT_IS_MATCHED", "_SKIPPED_BY",
        "_WILL_FAIL", "_SKIP_RETURN_CODE", "_NEVER_SKIPS_ITSELF", "_TIMEOUT", "_DEFAULT_TIMEOUT",
        "_TIMEOUT_SIGNAL_NAME", "_TIMEOUT_SIGNAL_GRACE_PERIOD"}) {
    environment.unset(std::string(kTest) + what);
  }
  environment.unset_all(kDisabled);
}

}  // namespace gentle

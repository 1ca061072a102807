#include "model/ctest_test.h"

#include <gtest/gtest.h>

#include <csignal>

namespace gentle {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Environment environment(std::initializer_list<const char*> entries) {
  std::vector<const char*> all(entries);
  all.push_back(nullptr);
  return Environment::from(all.data());
}

TEST(CtestTest, NothingWasTold) {
  const CtestTest test = ctest_test_from(environment({"GENTLE_TEST_WILL_FAIL=1"}));
  EXPECT_FALSE(test.known);
  EXPECT_FALSE(test.may_hide_failure(125));
}

TEST(CtestTest, TimeOuts) {
  const CtestTest test = ctest_test_from(
      environment({"GENTLE_TEST=3.25.1", "GENTLE_TEST_NAME=a;b", "GENTLE_TEST_TIMEOUT=2.5000001",
                   "GENTLE_TEST_DEFAULT_TIMEOUT=1500", "GENTLE_TEST_TIMEOUT_SIGNAL_NAME=SIGUSR1",
                   "GENTLE_TEST_TIMEOUT_SIGNAL_GRACE_PERIOD=3"}));
  EXPECT_TRUE(test.known);
  EXPECT_EQ(test.name, "a;b");
  EXPECT_EQ(test.timeout, milliseconds(2500));
  EXPECT_EQ(test.default_timeout, seconds(1500));
  EXPECT_EQ(test.timeout_signal, SIGUSR1);
  EXPECT_EQ(test.grace_period, seconds(3));
  EXPECT_FALSE(test.timeout_moves);
  const auto sends = [](const char* version) {
    return ctest_test_from(environment({version, "GENTLE_TEST_TIMEOUT_SIGNAL_NAME=SIGUSR1"}))
        .ctest_sends_signal;
  };
  EXPECT_FALSE(sends("GENTLE_TEST=3.26.4"));
  EXPECT_TRUE(sends("GENTLE_TEST=3.27.0-rc1"));
  EXPECT_TRUE(sends("GENTLE_TEST=4.0.3"));
}

TEST(CtestTest, ACodeForItsServicesOnly) {
  const auto never_skips_itself = [](const char* entry) {
    return ctest_test_from(environment({"GENTLE_TEST=4.0.0", entry})).never_skips_itself;
  };
  EXPECT_TRUE(never_skips_itself("GENTLE_TEST_NEVER_SKIPS_ITSELF=1"));
  EXPECT_FALSE(never_skips_itself("GENTLE_TEST_SKIP_RETURN_CODE=77"));
}

TEST(CtestTest, WhatMayHideAFailure) {
  const auto hides = [](const char* entry, int code) {
    return ctest_test_from(environment({"GENTLE_TEST=4.0.0", entry})).may_hide_failure(code);
  };
  EXPECT_FALSE(hides("A=b", 125));
  EXPECT_TRUE(hides("GENTLE_TEST_OUTPUT_IS_MATCHED=1", 125));
  EXPECT_TRUE(hides("GENTLE_TEST_SKIPPED_BY=[  SKIPPED ]", 125));
  EXPECT_TRUE(hides("GENTLE_TEST_TIMEOUT_AFTER_MATCH=1", 125));
  EXPECT_TRUE(hides("GENTLE_TEST_WILL_FAIL=true", 125));
  EXPECT_TRUE(hides("GENTLE_TEST_WILL_FAIL=2", 125));
  EXPECT_FALSE(hides("GENTLE_TEST_WILL_FAIL=off", 125));
  EXPECT_FALSE(hides("GENTLE_TEST_WILL_FAIL=", 125));
  EXPECT_TRUE(hides("GENTLE_TEST_SKIP_RETURN_CODE=125", 125));
  EXPECT_FALSE(hides("GENTLE_TEST_SKIP_RETURN_CODE=125", 127));
}

TEST(CtestTest, WhatIsDisabled) {
  const Environment both = environment({"GENTLE_DISABLED_MY_DB=1", "GENTLE_DISABLED_API=0"});
  EXPECT_TRUE(is_disabled(both, "my-db"));
  EXPECT_FALSE(is_disabled(both, "api"));
  EXPECT_FALSE(is_disabled(both, "other"));
}

TEST(CtestTest, IsForgotten) {
  Environment all =
      environment({"GENTLE_TEST=4.0.0", "GENTLE_TEST_NAME=a", "GENTLE_DISABLED_DB=1",
                   "GENTLE_TEST_SKIPPED_BY=no", "GENTLE_TEST_MARK=kept", "GENTLE_INSTANCE=kept"});
  forget_ctest_test(all);
  EXPECT_EQ(all.entries(),
            (std::vector<std::string>{"GENTLE_INSTANCE=kept", "GENTLE_TEST_MARK=kept"}));
}

}  // namespace
}  // namespace gentle

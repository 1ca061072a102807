#include "base/end_status.h"

#include <gtest/gtest.h>

#include <csignal>

namespace gentle {
namespace {

TEST(EndStatus, IsDescribedByNameOfTheSignal) {
  EXPECT_EQ(describe(EndStatus{false, 3}), "exit status 3");
  EXPECT_EQ(describe(EndStatus{true, SIGINT}), "death by SIGINT");
}

TEST(EndStatus, IsACrashByTheSignalsOfAFault) {
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS}) {
    EXPECT_TRUE(is_crash({true, signal})) << signal;
    EXPECT_FALSE(is_crash({false, signal})) << signal;
  }
  for (const int signal : {SIGKILL, SIGINT, SIGTERM, SIGPIPE}) {
    EXPECT_FALSE(is_crash({true, signal})) << signal;
  }
  EXPECT_EQ(crash_text({true, SIGBUS}), "it crashed");
  EXPECT_EQ(crash_text({true, SIGABRT}), "it aborted");
}

}  // namespace
}  // namespace gentle

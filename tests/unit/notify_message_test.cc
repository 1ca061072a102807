#include "model/notify_message.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(NotifyMessage, Ready) {
  EXPECT_TRUE(parse_notify_message("READY=1").ready);
  EXPECT_TRUE(parse_notify_message("READY=1\n").ready);
  EXPECT_TRUE(parse_notify_message("MAINPID=3\nREADY=1\nX=").ready);
  for (const char* text : {"", "READY", "READY=0", "READY=11", "ready=1", " READY=1", "XREADY=1"}) {
    EXPECT_FALSE(parse_notify_message(text).ready) << text;
  }
}

TEST(NotifyMessage, MainPid) {
  EXPECT_EQ(parse_notify_message("MAINPID=7\nREADY=1").main_pid, 7);
  for (const char* text : {"READY=1", "MAINPID=", "MAINPID=0", "MAINPID=-1", "MAINPID=7x"}) {
    EXPECT_FALSE(parse_notify_message(text).main_pid.has_value()) << text;
  }
}

TEST(NotifyMessage, Stopping) {
  const NotifyMessage message = parse_notify_message("STOPPING=1");
  EXPECT_TRUE(message.stopping);
  EXPECT_FALSE(message.ready);
}

TEST(NotifyMessage, StatusIsTheRestOfItsLine) {
  EXPECT_EQ(parse_notify_message("STATUS=a=b c\nREADY=1").status, "a=b c");
  EXPECT_EQ(parse_notify_message("STATUS=").status, "");
  EXPECT_EQ(parse_notify_message("STATUS=1\nSTATUS=2").status, "2");
  EXPECT_FALSE(parse_notify_message("READY=1").status.has_value());
}

TEST(NotifyMessage, ErrnoIsANumberOfLinux) {
  EXPECT_EQ(parse_notify_message("STATUS=no\nERRNO=13").error_number, 13);
  for (const char* text : {"READY=1", "ERRNO=", "ERRNO=0", "ERRNO=-2", "ERRNO=4096", "ERRNO=ENOENT",
                           "ERRNO=99999999999999999999"}) {
    EXPECT_FALSE(parse_notify_message(text).error_number.has_value()) << text;
  }
}

TEST(NotifyMessage, ExtendTimeoutIsInMicroseconds) {
  const auto extension = [](const char* text) { return parse_notify_message(text).extend_timeout; };
  EXPECT_EQ(extension("EXTEND_TIMEOUT_USEC=1500000"), std::chrono::milliseconds(1500));
  for (const char* text : {"EXTEND_TIMEOUT_USEC=", "EXTEND_TIMEOUT_USEC=-1",
                           "EXTEND_TIMEOUT_USEC=1s", "EXTEND_TIMEOUT_USEC=18446744073709551615"}) {
    EXPECT_FALSE(extension(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace gentle

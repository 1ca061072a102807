#include "supervise/core_hint.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(CoreHint, NamesTheFile) {
  EXPECT_EQ(core_hint({7, true, "/w"}, {"core"}), "look where it crashed: gdb <program> /w/core*");
  EXPECT_EQ(core_hint({7, true, "/w"}, {"/cores/%e-%p%%"}),
            "look where it crashed: gdb <program> /cores/*-7%");
  EXPECT_EQ(core_hint({0, false, "/w"}, {"core.%p"}),
            "look where it crashed: gdb <program> /w/core.*");
}

TEST(CoreHint, SaysWhyThereIsNone) {
  EXPECT_EQ(
      core_hint({7, false, "/w"}, {"core", false}),
      "it left no core, the limit is 0: run ulimit -c unlimited in the shell, then ctest again");
  EXPECT_EQ(core_hint({7, false, "/w"}, {"core.%p"}),
            "it left no core: may it write '/w/core.7'? (/proc/sys/kernel/core_pattern)");
}

TEST(CoreHint, KnowsWhoTakesCores) {
  EXPECT_EQ(core_hint({7, true, "/w"}, {"|/usr/lib/systemd/systemd-coredump %P %u"}),
            "coredumpctl debug 7");
  EXPECT_EQ(core_hint({0, false, "/w"}, {"|/usr/lib/systemd/systemd-coredump %P %u"}),
            "coredumpctl debug");
  EXPECT_EQ(core_hint({7, true, "/w"}, {"|/usr/share/apport/apport -p%p"}),
            "its core went to apport: look into /var/lib/apport/coredump and /var/crash");
  EXPECT_EQ(core_hint({7, true, "/w"}, {"|/bin/take %p"}),
            "its core went to /bin/take (/proc/sys/kernel/core_pattern)");
}

}  // namespace
}  // namespace gentle

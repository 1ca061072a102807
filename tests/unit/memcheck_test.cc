#include "cli/memcheck.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gentle {
namespace {

using Words = std::vector<std::string>;

TEST(MemcheckWords, AreThoseBeforeOurCommand) {
  EXPECT_EQ(memcheck_words({"/usr/bin/valgrind", "--log-file=/a b", "-q", "gentle", "run"},
                           {"gentle", "run"}),
            (Words{"/usr/bin/valgrind", "--log-file=/a b", "-q"}));
  EXPECT_EQ(memcheck_words({"/opt/valgrind-3.25", "gentle"}, {"gentle"}),
            (Words{"/opt/valgrind-3.25"}));
}

TEST(MemcheckWords, AreNoneOfACommandByItself) {
  EXPECT_EQ(memcheck_words({"gentle", "run"}, {"gentle", "run"}), Words());
  EXPECT_EQ(memcheck_words({}, {"gentle"}), Words());
}

TEST(MemcheckWords, AreNoneOfAnotherLauncher) {
  EXPECT_EQ(memcheck_words({"qemu-aarch64-static", "gentle"}, {"gentle"}), Words());
  EXPECT_EQ(memcheck_words({"/opt/valgrind/qemu", "gentle"}, {"gentle"}), Words());
}

TEST(MemcheckWords, AreNoneWhereOurCommandIsAnother) {
  EXPECT_EQ(memcheck_words({"valgrind", "gentle", "stop"}, {"gentle", "run"}), Words());
}

TEST(MemcheckWords, AreNoneIfValgrindFollowsChildren) {
  EXPECT_EQ(memcheck_words({"valgrind", "--trace-children=yes", "gentle"}, {"gentle"}), Words());
}

}  // namespace
}  // namespace gentle

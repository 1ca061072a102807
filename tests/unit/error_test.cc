#include "base/error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace gentle {
namespace {

TEST(Error, SaysOperationObjectAndCause) {
  EXPECT_EQ(Error("read spec", "/a b", "it is empty").message(),
            "gentle: error: read spec '/a b': it is empty\n");
}

TEST(Error, LeavesOutAnEmptyObject) {
  EXPECT_EQ(Error("read command line", "", "no subcommand").message(),
            "gentle: error: read command line: no subcommand\n");
}

TEST(Error, PutsNotesBeforeTheHint) {
  const Error error =
      Error("start", "api", "gone").hint("more time").note("one").notes({"two", "three"});
  EXPECT_EQ(error.message(),
            "gentle: error: start 'api': gone\none\ntwo\nthree\nhint: more time\n");
}

TEST(Error, IsTheHelpersOwnFailureUnlessToldOtherwise) {
  EXPECT_EQ(Error("a", "b", "c").exit_code(), 125);
  EXPECT_EQ(Error("a", "b", "c").exit_code(1).exit_code(), 1);
}

TEST(Error, NamesErrno) {
  EXPECT_EQ(errno_error("read", "/x", ENOENT).message(),
            "gentle: error: read '/x': No such file or directory\n");
}

}  // namespace
}  // namespace gentle

#include "coverage/gcov/source_name.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

std::string plain(const std::string& name) {
  return plain_source_name(
      name, [](const std::string& folder) { return folder == "/src/lib" || folder == "lib"; });
}

TEST(SourceName, LeavesOutWhatSaysNothing) {
  EXPECT_EQ(plain("a.c"), "a.c");
  EXPECT_EQ(plain("./a.c"), "a.c");
  EXPECT_EQ(plain(".//lib/./a.c"), "lib/a.c");
  EXPECT_EQ(plain("//src//a.c"), "/src/a.c");
  EXPECT_EQ(plain("<built-in>"), "<built-in>");
  EXPECT_EQ(plain(""), "");
}

TEST(SourceName, LeavesAFolderOnlyIfItExists) {
  EXPECT_EQ(plain("/src/lib/../a.c"), "/src/a.c");
  EXPECT_EQ(plain("/src/gone/../a.c"), "/src/gone/../a.c");
  EXPECT_EQ(plain("lib/../a.c"), "a.c");
  EXPECT_EQ(plain("../a.c"), "../a.c");
  EXPECT_EQ(plain("../../lib/../a.c"), "../../lib/../a.c");
  EXPECT_EQ(plain("/../a.c"), "/../a.c");
}

}  // namespace
}  // namespace gentle

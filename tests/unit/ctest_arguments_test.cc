#include "model/ctest_arguments.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

using Words = std::vector<std::string>;

TEST(CtestArguments, ExcludedCleanups) {
  EXPECT_EQ(excluded_cleanups({}), Words{});
  EXPECT_EQ(excluded_cleanups({"ctest", "-R", "api", "-FS", "api"}), Words{});
  EXPECT_EQ(excluded_cleanups({"ctest", "-FC", "^api$"}), Words{"^api$"});
  EXPECT_EQ(excluded_cleanups({"ctest", "--fixture-exclude-cleanup", "a.*"}), Words{"a.*"});
  EXPECT_EQ(excluded_cleanups({"ctest", "-FC=a=b", "-V"}), Words{"a=b"});
  EXPECT_EQ(excluded_cleanups({"ctest", "-FA", "db", "-FC", "api"}), (Words{"api", "db"}));
  EXPECT_EQ(excluded_cleanups({"ctest", "--fixture-exclude-any=db"}), Words{"db"});
}

TEST(CtestArguments, TheLastOneCounts) {
  EXPECT_EQ(excluded_cleanups({"ctest", "-FC", "a", "--fixture-exclude-cleanup", "b"}), Words{"b"});
}

TEST(CtestArguments, OneWithoutAValueIsNone) {
  EXPECT_EQ(excluded_cleanups({"ctest", "-FC"}), Words{});
  EXPECT_EQ(excluded_cleanups({"ctest", "-FC", ""}), Words{});
}

TEST(CtestArguments, TimeOut) {
  EXPECT_EQ(timeout_option({"ctest"}), std::nullopt);
  EXPECT_EQ(timeout_option({"ctest", "--timeout", "20", "-V"}), std::chrono::seconds(20));
  EXPECT_EQ(timeout_option({"ctest", "--timeout", "soon"}), std::nullopt);
}

TEST(CtestArguments, Selections) {
  EXPECT_FALSE(selects_tests({"ctest", "-V", "-j4", "-FA", "db", "--timeout", "3"}));
  EXPECT_TRUE(selects_tests({"ctest", "-R", "format-check"}));
  EXPECT_TRUE(selects_tests({"ctest", "--label-regex=unit"}));
  EXPECT_TRUE(selects_tests({"ctest", "-I", "3,3"}));
  EXPECT_TRUE(selects_tests({"ctest", "--rerun-failed"}));
}

TEST(CtestArguments, ReRuns) {
  EXPECT_TRUE(reruns_failed({"ctest", "-V", "--rerun-failed"}));
  EXPECT_FALSE(reruns_failed({"ctest", "-R", "rerun-failed"}));
}

TEST(CtestArguments, Scripts) {
  EXPECT_FALSE(runs_script({"ctest", "-R", "S"}));
  EXPECT_TRUE(runs_script({"ctest", "-V", "-S", "nightly.cmake,Release"}));
  EXPECT_TRUE(runs_script({"ctest", "--script", "nightly.cmake"}));
}

}  // namespace
}  // namespace gentle

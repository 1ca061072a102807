#include "coverage/report/uncounted_headers.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(UncountedHeaders, ThoseOfTheTestsAreKnownByTheirNames) {
  for (const char* path : {"tests/a.h", "test/a.h", "src/test_util.h", "src/util-test.h",
                           "src/TestUtil.h", "src/MyTest.h", "unit.tests/a.h", "a/TESTS/b.h"}) {
    EXPECT_TRUE(is_named_after_tests(path)) << path;
  }
  for (const char* path : {"latest.h", "contest/a.h", "src/fastest_path.h", "a.h", "", "tes"}) {
    EXPECT_FALSE(is_named_after_tests(path)) << path;
  }
}

TEST(UncountedHeaders, AreTogetherIfTheirTargetsAre) {
  const UncountedHeaders headers = {
      {{"/r/a.h", {"one"}}, {"/r/b.h", {"one", "two"}}, {"/r/c.h", {"one"}}}, {}};
  EXPECT_EQ(
      uncounted_headers_text(headers, "/r"),
      "Headers with code that programs without counters have compiled for themselves, so what "
      "runs there is not counted (add the targets to INSTRUMENT, or the headers to EXCLUDE):\n"
      "  a.h, c.h: in one\n"
      "  b.h: in one, two\n");
}

TEST(UncountedHeaders, AProgramThatIsNotBuiltIsNotMeant) {
  CoverageSpec spec;
  spec.root = spec.source_dir = "/r";
  spec.build_dir = "/r/build";
  spec.uncounted_programs = {{"gone", "/r/build/gone"}, {"foreign", "/proc/self/status"}};
  const UncountedHeaders found = find_uncounted_headers(spec, SourceNames(spec), {});
  EXPECT_TRUE(found.targets.empty());
  EXPECT_EQ(found.without_lines, std::vector<std::string>{"foreign"});
}

TEST(UncountedHeaders, ProgramsThatDoNotTellAreNamed) {
  const UncountedHeaders headers = {{}, {"a", "b", "c", "d", "e"}};
  EXPECT_EQ(uncounted_headers_text(headers, "/r"),
            "Not looked at for headers that they have compiled for themselves, for lack of "
            "debugging information that is not compressed (-g, without -gz): a, b, c and 2 more\n");
  EXPECT_EQ(uncounted_headers_text({}, "/r"), "");
}

}  // namespace
}  // namespace gentle

#include "coverage/report/gcovr.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"

namespace gentle {
namespace {

CoverageSpec spec_of(std::vector<std::string> formats) {
  CoverageSpec spec;
  spec.source_dir = "/link/s";
  spec.build_dir = "/link/s/b";
  spec.output_dir = "/link/s/b/coverage";
  spec.gcov = {"/a b/llvm-cov", "gcov"};
  spec.formats = std::move(formats);
  return spec;
}

GcovrCall call_of(GcovrVersion version) {
  return {"gcovr", version, "/w/gcovr.cfg", "/w/t.json", "/real/s"};
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

TEST(Gcovr, ReadsItsVersion) {
  EXPECT_EQ(parse_gcovr_version("gcovr 5.2\n\nCopyright"), (GcovrVersion{5, 2}));
  EXPECT_EQ(parse_gcovr_version("gcovr 8.7.dev1+gabc\n"), (GcovrVersion{8, 7}));
  EXPECT_EQ(parse_gcovr_version("gcovr 10.0"), (GcovrVersion{10, 0}));
  EXPECT_FALSE(parse_gcovr_version("gcov (Debian 12.2.0) 12.2.0"));
  EXPECT_FALSE(parse_gcovr_version("gcovr"));
  EXPECT_FALSE(parse_gcovr_version("gcovr x.y"));
}

TEST(Gcovr, KnowsWhichFormatItLacks) {
  EXPECT_FALSE(format_error("lcov", {5, 2})) << "it is written without gcovr";
  EXPECT_FALSE(format_error("gcovr-html", {5, 2}));
  EXPECT_FALSE(format_error("jacoco", {7, 0}));
  const auto error = format_error("jacoco", {5, 2});
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message(),
            "gentle: error: write report 'jacoco': gcovr 5.2 cannot write it; version 7.0 or newer "
            "is needed\n"
            "hint: pip install gcovr, or take 'jacoco' off FORMATS of add_fixture_coverage\n");
  EXPECT_EQ(error->exit_code(), 1);
}

TEST(Gcovr, TellsWhatItCanWriteInstead) {
  EXPECT_EQ(formats_cause({"html", "cobertura"}, {5, 2}), "");
  EXPECT_EQ(formats_cause({"lcov", "clover", "markdown"}, {8, 4}), "");
  EXPECT_EQ(formats_cause({"html", "jacoco", "clover"}, {5, 2}),
            "gcovr 5.2 cannot write 'jacoco' (needs gcovr 7.0), 'clover' (needs gcovr 7.1). It can "
            "write: html cobertura lcov json json-summary sonarqube coveralls csv txt markdown "
            "gcovr-html.");
  EXPECT_NE(formats_cause({"clover"}, {7, 0}).find("jacoco"), std::string::npos);
  EXPECT_EQ(formats_cause({"lcov", "markdown"}, {5, 2}), "") << "they need no gcovr";
}

TEST(Gcovr, RefusesWhatIsTooOld) {
  EXPECT_NO_THROW(check_gcovr_version({5, 2}));
  try {
    check_gcovr_version({4, 2});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("'gcovr 4.2': it is too old; version 5.2 or newer is needed"),
              std::string::npos)
        << error.message();
  }
}

TEST(Gcovr, TakesAllThatWasChosenBefore) {
  const auto words = render_command(spec_of({"csv"}), call_of({5, 2}));
  EXPECT_TRUE(has(words, "--filter=.*"));
  EXPECT_TRUE(has(words, "/real/s"));
  EXPECT_FALSE(has(words, "--merge-mode-functions=separate"));
  EXPECT_TRUE(has(render_command(spec_of({}), call_of({6, 0})), "--merge-mode-functions=separate"));
}

TEST(Gcovr, RendersEveryFormatAtOnce) {
  const auto old = render_command(spec_of({"html", "json", "csv", "gcovr-html"}), call_of({8, 3}));
  EXPECT_FALSE(has(old, "--merge-lines"));
  EXPECT_TRUE(has(old, "--csv"));
  EXPECT_TRUE(has(old, "/link/s/b/coverage/coverage.csv"));
  EXPECT_TRUE(has(old, "/link/s/b/coverage/gcovr-html/index.html"));
  EXPECT_EQ(std::count(old.begin(), old.end(), "--html-details"), 1) << "html is ours";
  EXPECT_TRUE(has(render_command(spec_of({}), call_of({8, 4})), "--merge-lines"));
}

TEST(Gcovr, TellsTheTitleWhereAFormatHasOne) {
  CoverageSpec spec = spec_of({"gcovr-html", "jacoco", "clover", "csv"});
  const auto has_title = [](const std::vector<std::string>& words) {
    return std::any_of(words.begin(), words.end(),
                       [](const std::string& word) { return word.ends_with("=A title"); });
  };
  EXPECT_FALSE(has_title(render_command(spec, call_of({8, 8}))));
  spec.title = "A title";
  const auto words = render_command(spec, call_of({8, 8}));
  EXPECT_TRUE(has(words, "--html-title=A title"));
  EXPECT_TRUE(has(words, "--jacoco-report-name=A title"));
  EXPECT_TRUE(has(words, "--clover-project=A title"));
  EXPECT_TRUE(has(render_command(spec, call_of({7, 1})), "--html-title=A title"));
  spec.formats = {"jacoco", "clover", "csv"};
  EXPECT_FALSE(has_title(render_command(spec, call_of({7, 1})))) << "it may not know them";
}

TEST(Gcovr, TakesATracefileForAPattern) {
  GcovrCall call = call_of({8, 8});
  call.tracefile = "/a [b]*?/t.json";
  EXPECT_TRUE(has(render_command(spec_of({}), call), "/a [[]b][*][?]/t.json"));
}

}  // namespace
}  // namespace gentle

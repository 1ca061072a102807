#include "model/coverage_spec.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gentle {
namespace {

constexpr const char* kWhole =
    "gentle-coverage 1\n"
    "source /src dir\n"
    "build /build\n"
    "root /the root\n"
    "objects /o 1\n"
    "objects /o2\n"
    "output /build/coverage\n"
    "gcov /usr/bin/llvm-cov-14\n"
    "gcov_argument gcov\n"
    "config Debug\n"
    "gcovr /opt/gcovr\n"
    "instrumented\n"
    "instrumented_file /build/the server\n"
    "linked_file /build/the client\n"
    "uncounted_program app /build/the app\n"
    "format html\n"
    "format lcov\n"
    "filter src/(a|b)/ x\n"
    "exclude .*;\n"
    "fail_under_line 80.5\n"
    "fail_under_branch 100\n"
    "append\n"
    "title A  title: <x>;\n"
    "throw_branches\n"
    "python_branches\n"
    "off Release is not measured\n"
    "end\n";

std::string cause_of(const std::string& text) {
  try {
    parse_coverage_spec(text, "/b/coverage.spec");
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

std::string with(const std::string& line) {
  return "gentle-coverage 1\nsource /s\nbuild /b\noutput /b/o\ngcov /g\n" + line + "\nend\n";
}

TEST(CoverageSpec, HoldsWhatTheFileSays) {
  const CoverageSpec spec = parse_coverage_spec(kWhole, "spec");
  EXPECT_EQ(spec.source_dir, "/src dir");
  EXPECT_EQ(spec.build_dir, "/build");
  EXPECT_EQ(spec.root, "/the root");
  EXPECT_EQ(spec.objects, (std::vector<std::string>{"/o 1", "/o2"}));
  EXPECT_EQ(spec.output_dir, "/build/coverage");
  EXPECT_EQ(spec.gcov, (std::vector<std::string>{"/usr/bin/llvm-cov-14", "gcov"}));
  EXPECT_EQ(spec.title, "A  title: <x>;");
  EXPECT_TRUE(spec.throw_branches);
  EXPECT_TRUE(spec.python_branches);
  EXPECT_EQ(spec.config, "Debug");
  EXPECT_EQ(spec.gcovr, "/opt/gcovr");
  EXPECT_TRUE(spec.instrumented);
  EXPECT_EQ(spec.instrumented_files, std::vector<std::string>{"/build/the server"});
  EXPECT_EQ(spec.linked_files, std::vector<std::string>{"/build/the client"});
  EXPECT_EQ(spec.uncounted_programs, (std::vector<UncountedProgram>{{"app", "/build/the app"}}));
  EXPECT_EQ(spec.formats, (std::vector<std::string>{"html", "lcov"}));
  EXPECT_EQ(spec.filters, std::vector<std::string>{"src/(a|b)/ x"});
  EXPECT_EQ(spec.excludes, std::vector<std::string>{".*;"});
  EXPECT_EQ(spec.fail_under_line, 80.5);
  EXPECT_EQ(spec.fail_under_branch, 100.0);
  EXPECT_TRUE(spec.append);
  EXPECT_EQ(spec.off, "Release is not measured");
}

TEST(CoverageSpec, IsQuietAboutWhatIsNotAskedFor) {
  const CoverageSpec spec = parse_coverage_spec(with("format txt"), "spec");
  EXPECT_EQ(spec.root, "/s");
  EXPECT_TRUE(spec.objects.empty());
  EXPECT_FALSE(spec.instrumented);
  EXPECT_TRUE(spec.instrumented_files.empty());
  EXPECT_TRUE(spec.uncounted_programs.empty());
  EXPECT_FALSE(spec.append);
  EXPECT_FALSE(spec.python_branches);
  EXPECT_EQ(spec.off, "");
  EXPECT_FALSE(spec.fail_under_line);
  EXPECT_FALSE(spec.fail_under_branch);
  EXPECT_EQ(spec.config, "");
}

TEST(CoverageSpec, NamesFileAndLineOfAMistake) {
  EXPECT_EQ(
      cause_of(with("exlude x")),
      "gentle: error: read coverage spec '/b/coverage.spec': line 6: unknown key 'exlude', did you "
      "mean 'exclude'?\n"
      "hint: run cmake again; add_fixture_coverage writes this file when it configures\n");
}

TEST(CoverageSpec, RefusesWrongValues) {
  const auto says = [](const std::string& line, const std::string& cause) {
    EXPECT_NE(cause_of(with(line)).find(cause), std::string::npos) << cause_of(with(line));
  };
  says("fail_under_line 101", "'fail_under_line': '101' is no percentage from 0 to 100");
  says("fail_under_line -1", "'-1' is no percentage");
  says("fail_under_line 1e1", "'1e1' is no percentage");
  says("fail_under_branch ", "'' is no percentage");
  says("fail_under_branch 1.2.3", "'1.2.3' is no percentage");
  says("format pdf", "'format': 'pdf' is no format");
  says("output x", "'output': 'x' is no absolute path");
  says("instrumented_file x", "'x' is no absolute path");
  says("linked_file x", "'x' is no absolute path");
  says("uncounted_program app", "'app' is no target and file");
  says("uncounted_program app x", "'x' is no absolute path");
  says(std::string("filter a\0b", 10), "holds a NUL byte");
}

TEST(CoverageSpec, RefusesWhatIsNotWhole) {
  EXPECT_NE(cause_of("").find("truncated"), std::string::npos);
  EXPECT_NE(cause_of("gentle-coverage 2\n").find("line 1: is not 'gentle-coverage 1'"),
            std::string::npos);
  EXPECT_NE(cause_of("gentle-coverage 1\nsource /s\n").find("its last line is not 'end'"),
            std::string::npos);
  EXPECT_NE(cause_of("gentle-coverage 1\nend\n").find("'source' is missing"), std::string::npos);
  EXPECT_NE(cause_of(with("append") + "more\n").find("text after 'end'"), std::string::npos);
  EXPECT_NE(cause_of("gentle-coverage 1\ngcov_argument x\nend\n").find("stands before 'gcov'"),
            std::string::npos);
}

}  // namespace
}  // namespace gentle

#include "coverage/report/tracefile.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gentle {
namespace {

TEST(Tracefile, OfGcovr5LeavesOutWhatIsNoCode) {
  const char* json =
      R"({"files": [{"file": "a.cc", "functions": [{"lineno": 1, "name": "f"}], "lines": [
    {"branches": [{"count": 0, "fallthrough": true, "throw": false}], "count": 1, "gcovr/excluded": false,
     "gcovr/noncode": false, "line_number": 3},
    {"branches": [], "count": 0, "gcovr/excluded": false, "gcovr/noncode": true, "line_number": 4},
    {"branches": [], "count": 0, "gcovr/excluded": false, "gcovr/noncode": false, "line_number": 2}]}],
    "gcovr/format_version": "0.3"})";
  EXPECT_EQ(counted_lines_of_tracefile(json, "/s", "t"), (CountedLines{{"/s/a.cc", {2, 3}}}));
}

TEST(Tracefile, OfGcovr8CountsALineOfManyFunctionsOnce) {
  const char* json = R"({"gcovr/format_version": "0.15", "files": [
    {"file": "../o/t.h", "lines": [
      {"line_number": 7, "function_name": "f<int>", "count": 0, "branches": [
        {"branchno": 0, "count": 1, "source_block_id": 9, "gcovr/excluded": true}]},
      {"line_number": 7, "function_name": "f<long>", "count": 2, "branches": []},
      {"line_number": 8, "count": 2, "branches": [], "gcovr/excluded": true}],
     "functions": [{"demangled_name": "f<int>", "lineno": 7, "gcovr/excluded": true}]},
    {"file": "/abs/empty.cc", "lines": [], "functions": []}]})";
  EXPECT_EQ(counted_lines_of_tracefile(json, "/s", "t"),
            (CountedLines{{"/o/t.h", {7}}, {"/abs/empty.cc", {}}}));
}

TEST(Tracefile, RefusesOtherText) {
  for (const char* json : {"", "{", "[]", "{\"files\": 3}", "{\"files\": [{\"file\": \"a\""}) {
    EXPECT_THROW(counted_lines_of_tracefile(json, "/s", "t"), Error) << json;
  }
}

TEST(CoverageSummary, HoldsTotalsAndFiles) {
  const char* json = R"({"root": "..", "line_covered": 5, "line_total": 8, "line_percent": 62.5,
    "branch_covered": 0, "branch_total": 0, "branch_percent": null,
    "function_covered": 1, "function_total": 2, "files": [
    {"filename": "a.cc", "line_covered": 5, "line_total": 8, "branch_covered": 0, "branch_total": 0,
     "function_covered": 1, "function_total": 2}]})";
  const CoverageSummary summary = parse_coverage_summary(json, "s");
  EXPECT_EQ(summary.lines.covered, 5U);
  EXPECT_EQ(summary.lines.total, 8U);
  EXPECT_EQ(summary.functions, (Share{1, 2}));
  ASSERT_EQ(summary.files.size(), 1U);
  EXPECT_EQ(summary.files[0].file, "a.cc");
  EXPECT_THROW(parse_coverage_summary("{}", "s"), Error);
  EXPECT_THROW(parse_coverage_summary("", "s"), Error);
}

}  // namespace
}  // namespace gentle

#include "coverage/formats/json_summary_format.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "coverage/report/tracefile.h"
#include "sample_table.h"

namespace gentle {
namespace {

TEST(JsonSummaryFormat, HasTheKeysOfGcovr) {
  CoverageTable table;
  table.sources()["/project/a.cc"].lines[1] =
      sample_line(3, {{0, {{3, true, false}, {0, false, false}}}});
  table.sources()["/project/a.cc"].lines[2] = sample_line(0);
  const FormatOptions options = sample_options();
  EXPECT_EQ(json_summary_text(summarize(table, options), options, "/project/build/coverage"),
            R"({
  "root": "../..",
  "gcovr/summary_format_version": "0.6",
  "files": [
    {
      "filename": "a.cc",
      "line_total": 2,
      "line_covered": 1,
      "line_percent": 50.0,
      "function_total": 0,
      "function_covered": 0,
      "function_percent": null,
      "branch_total": 2,
      "branch_covered": 1,
      "branch_percent": 50.0
    }
  ],
  "line_total": 2,
  "line_covered": 1,
  "line_percent": 50.0,
  "function_total": 0,
  "function_covered": 0,
  "function_percent": 0.0,
  "branch_total": 2,
  "branch_covered": 1,
  "branch_percent": 50.0
}
)");
}

TEST(JsonSummaryFormat, IsReadAsGcovrs) {
  const FormatOptions options = sample_options();
  const CoverageSummary written = summarize(sample_table(), options);
  const CoverageSummary read =
      parse_coverage_summary(json_summary_text(written, options, "/project/b"), "s");
  EXPECT_EQ(read.lines, written.lines);
  EXPECT_EQ(read.branches, written.branches);
  EXPECT_EQ(read.functions, written.functions);
  ASSERT_EQ(read.files.size(), 3U);
  EXPECT_EQ(read.files[0].file, "/elsewhere/\uFFFD.h");
  EXPECT_EQ(read.files[1].file, "a & \"b\", c|`d`.c");
}

// As gcovr 8.8.
TEST(JsonSummaryFormat, HasConditionsWhereThereAreAny) {
  CoverageSummary summary;
  summary.files = {{"a.cc", {1, 1}, {}, {}, {3, 4}}, {"b.cc", {1, 1}, {}, {}}};
  summary.conditions = {3, 4};
  const auto json = nlohmann::json::parse(json_summary_text(summary, {}, "/"));
  EXPECT_EQ(json["condition_total"], 4);
  EXPECT_EQ(json["files"][0]["condition_covered"], 3);
  EXPECT_EQ(json["files"][0]["condition_percent"], 75.0);
  EXPECT_FALSE(json["files"][1].contains("condition_total"));
}

}  // namespace
}  // namespace gentle

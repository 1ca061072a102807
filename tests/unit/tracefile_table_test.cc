#include "coverage/combine/tracefile_table.h"

#include <gtest/gtest.h>

#include "cause_of_error.h"
#include "coverage/formats/table_summary.h"
#include "coverage/formats/tracefile_format.h"
#include "sample_table.h"

namespace gentle {
namespace {

std::string tracefile_text(const CoverageTable& table, const FormatOptions& options,
                           GcovrVersion gcovr) {
  return whole_text([&](PartedText& text) { write_tracefile(table, options, gcovr, text); });
}

std::string cause(const std::string& json) {
  return cause_of_error([&] { read_tracefile(json, "t.json"); });
}

std::string tracefile(const std::string& files) {
  return R"({"gcovr/format_version": "0.14", "files": [)" + files + "]}";
}

TEST(TracefileTable, OursInEachVersionComesBackWithTheSameTotals) {
  const CoverageSummary expected = summarize(sample_table(), sample_options());
  FormatOptions named;  // as in the tracefile
  named.throw_branches = true;
  for (const GcovrVersion gcovr : {GcovrVersion{5, 2}, GcovrVersion{7, 2}, GcovrVersion{8, 8}}) {
    const std::string json = tracefile_text(sample_table(), sample_options(), gcovr);
    const CoverageSummary found = summarize(read_tracefile(json, "t.json"), named);
    EXPECT_EQ(found.lines, expected.lines);
    EXPECT_EQ(found.branches, expected.branches);
    EXPECT_EQ(found.functions, expected.functions);
  }
}

TEST(TracefileTable, ALineOfSeveralFunctionsIsOne) {
  const CoverageTable table =
      read_tracefile(tracefile(R"({"file": "a.cc", "functions": [], "lines": [
        {"line_number": 3, "count": 2, "function_name": "f<int>", "branches":
          [{"count": 1, "source_block_id": 4}, {"count": 0, "source_block_id": 4}]},
        {"line_number": 3, "count": 5, "function_name": "f<long>", "branches":
          [{"count": 2, "source_block_id": 4}, {"count": 3, "source_block_id": 4}]},
        {"line_number": 4, "count": 5, "gcovr/excluded": true, "branches": [{"count": 1}]}]})"),
                     "t.json");
  const TableSource& source = table.sources().at("a.cc");
  EXPECT_EQ(source.lines.at(3).count, 7);
  ASSERT_EQ(source.lines.at(3).groups.size(), 1U);
  EXPECT_EQ(source.lines.at(3).groups[0].branches[0].count, 3);
  EXPECT_EQ(source.lines.at(3).groups[0].branches[1].count, 3);
  EXPECT_TRUE(source.lines.at(4).is_excluded);
  EXPECT_TRUE(source.lines.at(4).groups.empty());
}

TEST(TracefileTable, ConditionsUnite) {
  const std::string line = R"({"line_number": 3, "count": 2, "branches": [], "conditions": )";
  const auto with = [&](const std::string& condition) { return line + "[" + condition + "]}"; };
  const std::string one =
      R"({"count": 4, "covered": 1, "not_covered_true": [0, 1], "not_covered_false": [1]})";
  const std::string other =
      R"({"count": 4, "covered": 2, "not_covered_true": [0], "not_covered_false": [1]})";
  const auto read = [&](const std::string& lines) {
    return read_tracefile(tracefile(R"({"file": "a.cc", "lines": [)" + lines + "]}"), "t.json");
  };
  const CoverageTable table = read(with(one) + ", " + with(other));
  ASSERT_EQ(table.sources().at("a.cc").lines.at(3).decisions.size(), 1U);
  EXPECT_EQ(table.sources().at("a.cc").lines.at(3).decisions[0].decisions,
            (std::vector<TableDecision>{{.terms = 2, .by_true = 0b10, .by_false = 0b01}}));
  for (const char* wrong : {R"({"count": 2, "not_covered_true": [1], "not_covered_false": []})",
                            R"({"count": 2, "not_covered_true": [-1], "not_covered_false": []})",
                            R"({"count": 130, "not_covered_true": [], "not_covered_false": []})",
                            R"({"count": -2, "not_covered_true": [], "not_covered_false": []})"}) {
    EXPECT_NE(cause_of_error([&] { read(with(wrong)); }).find("a condition has"), std::string::npos)
        << wrong;
  }
}

TEST(TracefileTable, WhatIsNoTracefileIsAnError) {
  EXPECT_EQ(cause(""), "it is empty");
  EXPECT_EQ(cause("TN:\nSF:a.cc\n"), "it is no JSON, or cut off, at byte 1");
  EXPECT_EQ(cause(R"({"files": [)"), "it is no JSON, or cut off, at byte 12");
  EXPECT_EQ(cause("{}"), "it is no tracefile of gcovr");
  EXPECT_EQ(cause("[1]"), "it is no tracefile of gcovr");
  EXPECT_EQ(cause(R"({"gcovr/format_version": "7.0", "files": []})"),
            "its version '7.0' is unknown; known are 0.2 to 0.15");
  EXPECT_EQ(cause(R"({"gcovr/format_version": "0.3"})"), "it has no list 'files'");
  EXPECT_EQ(cause(tracefile("{}")), "a file in it has no name");
  EXPECT_EQ(cause(tracefile("3")), "a file in it has no name");
  EXPECT_EQ(cause(tracefile(R"({"file": "a"})")), "it has no list 'lines'");
  EXPECT_EQ(cause(tracefile(R"({"file": "a", "lines": [{"line_number": 1}]})")),
            "it has no 'count'");
  EXPECT_EQ(cause(tracefile(R"({"file": "a", "lines": [{"line_number": -1, "count": 1}]})")),
            "a line number is out of range");
  EXPECT_EQ(cause(tracefile(R"({"file": "a", "lines": [{"line_number": 1, "count": 1.5}]})")),
            "expected a whole number, got something else");
  EXPECT_EQ(cause(tracefile(R"({"file": "a", "lines": [], "functions": [{"lineno": 1}]})")),
            "a function has no name");
}

}  // namespace
}  // namespace gentle

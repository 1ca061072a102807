#include "coverage/formats/tracefile_format.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "coverage/report/counted_lines.h"
#include "coverage/report/tracefile.h"

namespace gentle {
namespace {

std::string tracefile_text(const CoverageTable& table, const FormatOptions& options,
                           GcovrVersion gcovr) {
  return whole_text([&](PartedText& text) { write_tracefile(table, options, gcovr, text); });
}

using Json = nlohmann::json;

CoverageTable table() {
  CoverageTable table;
  TableSource& source = table.sources()["/project/a \"b\".cc"];
  source.lines[3].count = 5;
  source.lines[3].groups = {{1, {{5, true, false}, {0, false, true}}}, {2, {{7, false, false}}}};
  source.lines[4].is_excluded = true;
  source.lines[4].groups = {{1, {{5, true, false}}}};
  source.functions[{"_Z1fi", 2}] = {5, 4, 8, 6};
  table.sources()["/elsewhere/b.c"].lines[1].count = 0;
  return table;
}

FormatOptions options() {
  FormatOptions options;
  options.root = "/project";
  options.throw_branches = true;
  return options;
}

Json written(GcovrVersion gcovr) { return Json::parse(tracefile_text(table(), options(), gcovr)); }

TEST(TracefileFormatTest, EachGcovrReadsItsOwnVersion) {
  EXPECT_EQ(tracefile_version({5, 0}), "0.2");
  EXPECT_EQ(tracefile_version({5, 2}), "0.3");
  EXPECT_EQ(tracefile_version({6, 0}), "0.5");
  EXPECT_EQ(tracefile_version({7, 2}), "0.6");
  EXPECT_EQ(tracefile_version({8, 2}), "0.10");
  EXPECT_EQ(tracefile_version({8, 6}), "0.14");
  EXPECT_EQ(tracefile_version({8, 8}), "0.15");
  EXPECT_EQ(tracefile_version({9, 9}), "0.15");
  EXPECT_EQ(written({7, 2})["gcovr/format_version"], "0.6");
}

// So that gcovr -a has our totals, whether it is given --exclude-throw-branches or not.
TEST(TracefileFormatTest, HasTheBranchesThatCount) {
  FormatOptions without = options();
  without.throw_branches = false;
  const Json json = Json::parse(tracefile_text(table(), without, {8, 8}));
  ASSERT_EQ(json["files"][1]["lines"][0]["branches"].size(), 2U);
  EXPECT_EQ(json["files"][1]["lines"][0]["branches"][1]["count"], 7);
}

TEST(TracefileFormatTest, HasConditionsForWhomKnowsThem) {
  CoverageTable with = table();
  with.sources()["/project/a \"b\".cc"].lines[3].decisions = {{1, {{3, 0b101, 0b111}}}};
  const auto conditions = [&](GcovrVersion gcovr) {
    return Json::parse(tracefile_text(with, options(), gcovr))["files"][1]["lines"][0].value(
        "conditions", Json());
  };
  EXPECT_EQ(conditions({8, 8}), Json::parse(R"([{"conditionno": 0, "count": 6, "covered": 5,
                                                 "not_covered_true": [1],
                                                 "not_covered_false": []}])"));
  EXPECT_EQ(conditions({8, 4}), Json());
}

TEST(TracefileFormatTest, Of52) {
  const Json file = written({5, 2})["files"][1];
  EXPECT_EQ(file["file"], "a \"b\".cc");
  EXPECT_EQ(file["lines"][0], Json::parse(R"({"line_number": 3, "count": 5,
      "gcovr/excluded": false, "gcovr/noncode": false, "branches": [
        {"count": 5, "fallthrough": true, "throw": false},
        {"count": 0, "fallthrough": false, "throw": true},
        {"count": 7, "fallthrough": false, "throw": false}]})"));
  EXPECT_EQ(file["lines"][1], Json::parse(R"({"line_number": 4, "count": 0,
      "gcovr/excluded": true, "gcovr/noncode": true, "branches": []})"));
  EXPECT_EQ(file["functions"],
            Json::parse(R"json([{"name": "f(int)", "lineno": 2, "execution_count": 5
}])json"));
}

TEST(TracefileFormatTest, Of72) {
  const Json file = written({7, 2})["files"][1];
  EXPECT_EQ(file["lines"][0]["branches"][2],
            Json::parse(R"({"count": 7, "fallthrough": false, "throw": false, "blockno": 1})"));
  EXPECT_EQ(file["functions"], Json::parse(R"json([{"name": "f(int)", "lineno": 2,
      "execution_count": 5, "returned_count": 4, "blocks_percent": 75.0
}])json"));
}

TEST(TracefileFormatTest, Of88) {
  const Json file = written({8, 8})["files"][1];
  EXPECT_EQ(file["lines"][0]["branches"][2], Json::parse(R"({"count": 7, "fallthrough": false,
      "throw": false, "branchno": 2, "source_block_id": 1})"));
  EXPECT_EQ(file["functions"][0]["demangled_name"], "f(int)");
}

TEST(TracefileFormatTest, WhatCountsIsWhatATracefileTells) {
  const CountedLines expected = {{"/elsewhere/b.c", {1}}, {"/project/a \"b\".cc", {3}}};
  EXPECT_EQ(counted_lines(table()), expected);
  for (const GcovrVersion gcovr : {GcovrVersion{5, 2}, GcovrVersion{7, 2}, GcovrVersion{8, 8}}) {
    EXPECT_EQ(
        counted_lines_of_tracefile(tracefile_text(table(), options(), gcovr), "/project", "a"),
        expected);
  }
}

TEST(TracefileFormatTest, NamesThatAreNoUtf8AreMendedNotRefused) {
  CoverageTable odd;
  odd.sources()["/project/\xff.c"].lines[1].count = 1;
  EXPECT_EQ(Json::parse(tracefile_text(odd, options(), {8, 8}))["files"][0]["file"], "\uFFFD.c");
}

TEST(TracefileFormatTest, OfNothing) {
  EXPECT_TRUE(Json::parse(tracefile_text({}, options(), {8, 8}))["files"].empty());
}

TEST(TracefileFormat, ASourceOfManyParts) {
  CoverageTable large;
  for (std::uint32_t line = 1; line <= 4'000; ++line) {
    large.sources()["/project/a.c"].lines[line].groups = {{1, {{line, false, false}}}};
  }
  const Json json = Json::parse(tracefile_text(large, options(), {8, 8}));
  ASSERT_EQ(json["files"][0]["lines"].size(), 4'000U);
  for (std::uint32_t line = 1; line <= 4'000; ++line) {
    const Json& told = json["files"][0]["lines"][line - 1];
    ASSERT_EQ(told["line_number"], line);
    ASSERT_EQ(told["branches"][0]["count"], line);
  }
}

}  // namespace
}  // namespace gentle

#include <gtest/gtest.h>

#include "base/error.h"
#include "coverage/gcov/gcov_output.h"

namespace gentle {
namespace {

std::string json_of(const std::string& functions, const std::string& lines) {
  return R"({"format_version": "2", "gcc_version": "20.1.0", "data_file": "a.gcda", "files": [
    {"file": "a.cc", "functions": [)" +
         functions + R"(], "lines": [)" + lines + "]}]}";
}

constexpr const char* kFunction =
    R"json({"name": "_Z1fi", "demangled_name": "f(int)", "start_line": 3, "start_column": 5,
            "end_line": 5, "end_column": 1, "blocks": 7, "blocks_executed": 6,
            "execution_count": 2})json";

std::string line_of(const std::string& count, const std::string& branches) {
  return R"({"line_number": 4, "function_name": "_Z1fi", "count": )" + count +
         R"(, "unexecuted_block": true, "branches": [)" + branches + R"(], "calls": []})";
}

std::string branch(int count, bool fall_through, bool is_throw, const std::string& more = "") {
  return "{\"count\": " + std::to_string(count) +
         ", \"fallthrough\": " + (fall_through ? "true" : "false") +
         ", \"throw\": " + (is_throw ? "true" : "false") + more + "}";
}

std::vector<bool> exceptional(const std::string& branches) {
  const GcovOutput output = read_gcov_json(json_of(kFunction, line_of("1", branches)), "a.gcno");
  std::vector<bool> all;
  for (const BranchCount& one : output.unit.branches) all.push_back(one.is_exceptional);
  return all;
}

std::string cause_of(const std::string& text) {
  try {
    read_gcov_json(text, "a.gcno");
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

TEST(GcovJson, HasLinesFunctionsAndBranches) {
  const GcovOutput output = read_gcov_json(
      json_of(kFunction, line_of("5", branch(5, true, false) + "," + branch(0, false, false))), "");
  ASSERT_EQ(output.unit.sources.size(), 1U);
  const SourceCount& source = output.unit.sources[0];
  EXPECT_EQ(source.name, "a.cc");
  ASSERT_EQ(source.functions.size(), 1U);
  EXPECT_EQ(source.functions[0].name, "_Z1fi");
  EXPECT_EQ(source.functions[0].start_column, 5U);
  EXPECT_EQ(source.functions[0].execution_count, 2);
  EXPECT_EQ(source.functions[0].blocks_executed, 6U);
  ASSERT_EQ(source.lines.size(), 1U);
  EXPECT_EQ(source.lines[0].line, 4U);
  EXPECT_EQ(source.lines[0].count, 5);
  EXPECT_EQ(source.lines[0].function, 0U);
  EXPECT_TRUE(source.lines[0].has_unexecuted_block);
  ASSERT_EQ(source.lines[0].branches.size, 2U);
  EXPECT_EQ(output.unit.branches[0].count, 5);
  EXPECT_TRUE(output.unit.branches[0].is_fall_through);
  EXPECT_FALSE(output.unit.branches[1].is_exceptional);
}

TEST(GcovJson, KnowsWhatOnlyAnExceptionDecides) {
  const std::string pair = branch(4, true, false) + "," + branch(0, false, true);
  const std::string decision = branch(1, true, false) + "," + branch(2, false, false);
  EXPECT_EQ(exceptional(pair), (std::vector<bool>{true, true}));
  EXPECT_EQ(exceptional(decision + "," + pair), (std::vector<bool>{false, false, true, true}));
  EXPECT_EQ(exceptional(branch(0, false, true) + "," + branch(4, true, false) + "," + decision),
            (std::vector<bool>{true, true, false, false}));
}

TEST(GcovJson, ADecisionIsOneWithoutItsThrow) {
  const std::string block = R"(, "source_block_id": 7)";
  EXPECT_EQ(exceptional(branch(1, true, false, block) + "," + branch(0, false, true, block) + "," +
                        branch(1, true, false, block)),
            (std::vector<bool>{false, true, false}));
  EXPECT_EQ(exceptional(branch(1, true, false, block) + "," +
                        branch(0, false, true, R"(, "source_block_id": 8)")),
            (std::vector<bool>{false, true}));
}

TEST(GcovJson, TakesOddCounts) {
  const auto count_of = [](const std::string& count) {
    return read_gcov_json(json_of(kFunction, line_of(count, "")), "")
        .unit.sources[0]
        .lines[0]
        .count;
  };
  EXPECT_EQ(count_of("-3"), -3);
  EXPECT_EQ(count_of("18446744073709551615"), INT64_MAX);
}

TEST(GcovJson, RefusesWhatIsNone) {
  const std::string expected =
      "gentle: error: read what gcov prints of 'a.gcno': it is not the JSON of a gcov\n";
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("gcov: no such option"), json_of("{}", ""),
        json_of(kFunction, line_of("1.5", "")), json_of(kFunction, line_of("1", "{}"))}) {
    EXPECT_EQ(cause_of(text), expected) << text;
  }
}

}  // namespace
}  // namespace gentle

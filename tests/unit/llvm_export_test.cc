#include "coverage/llvm/llvm_export.h"

#include <gtest/gtest.h>

#include "cause_of_error.h"
#include "recorded_llvm_exports.h"

namespace gentle {
namespace {

using Lines = std::map<std::uint32_t, std::int64_t>;

LlvmExport read(std::string_view lcov, std::string_view json) {
  LlvmExport result;
  read_exported_lines(lcov, "prog", result);
  read_exported_functions(json, "prog", result);
  return result;
}

// Each as "line: taken not_taken", in the order of the report.
std::vector<std::string> branches_of(const ExportedSource& source) {
  std::vector<std::string> all;
  for (const auto& [place, branch] : source.branches) {
    all.push_back(std::to_string(place.first) + ": " + std::to_string(branch.taken) + " " +
                  std::to_string(branch.not_taken));
  }
  return all;
}

void expect_the_program(const LlvmExport& exported) {
  ASSERT_EQ(exported.size(), 2U);
  const ExportedSource& source = exported.at("/src/a.cc");
  EXPECT_EQ(source.lines.at(7), 4);
  EXPECT_EQ(source.lines.at(10), 10);
  EXPECT_EQ(source.lines.at(14), 0);
  EXPECT_FALSE(source.lines.contains(1));
  EXPECT_EQ(source.lines.size(), 21U);
  // Neither `while (true)` nor the constant condition of line 13; the macro's where it stands.
  EXPECT_EQ(branches_of(source),
            (std::vector<std::string>{"3: 1 0", "3: 0 1", "7: 3 1", "9: 0 1", "11: 1 9", "17: 0 1",
                                      "18: 1 0", "19: 0 1", "21: 1 0"}));
  EXPECT_EQ(source.functions.at({"main", 5}).count, 1);
  EXPECT_EQ(source.functions.at({"_ZL6hiddeni", 2}).count, 1);
  EXPECT_EQ(source.functions.size(), 2U);
  EXPECT_TRUE(source.unexecuted.contains(13));
  EXPECT_FALSE(source.unexecuted.contains(7));

  const ExportedSource& header = exported.at("/src/h.h");
  EXPECT_EQ(header.lines, (Lines{{2, 4},
                                 {3, 4},
                                 {4, 1},
                                 {5, 1},
                                 {6, 3},
                                 {7, 4},
                                 {8, 1},
                                 {9, 0},
                                 {10, 0},
                                 {11, 0},
                                 {12, 0}}));
  // Two instances of the template.
  EXPECT_EQ(branches_of(header), (std::vector<std::string>{"3: 1 3"}));
  EXPECT_EQ(header.functions.at({"_Z4pickIiEiT_", 2}).count, 3);
  EXPECT_EQ(header.functions.at({"_Z4pickIlEiT_", 2}).count, 1);
  EXPECT_EQ(header.functions.at({"_Z6unusedi", 10}).count, 0);
}

TEST(LlvmExport, IsReadOfLlvm14) { expect_the_program(read(recorded::kLcov14, recorded::kJson14)); }

TEST(LlvmExport, IsReadOfLlvm19) { expect_the_program(read(recorded::kLcov19, recorded::kJson19)); }

std::string cause_of_lines(std::string_view text) {
  LlvmExport result;
  return cause_of_error([&] { read_exported_lines(text, "prog", result); });
}

std::string cause_of_functions(std::string_view text) {
  LlvmExport result;
  return cause_of_error([&] { read_exported_functions(text, "prog", result); });
}

TEST(LlvmExport, RefusesLinesThatAreNone) {
  EXPECT_EQ(cause_of_lines("SF:/a.cc\nDA:1,2\n"), "it is truncated");
  EXPECT_EQ(cause_of_lines("SF:/a.cc\nDA:1,2\nend_of_reco"), "it is truncated");
  EXPECT_EQ(cause_of_lines("DA:1,2\n"), "a line is in no source");
  EXPECT_EQ(cause_of_lines("SF:/a.cc\nDA:12\nend_of_record\n"), "a line has no count");
  for (const char* line : {"DA:0,1", "DA:x,1", "DA:1,-1", "DA:1,", "DA:99999999999,1"}) {
    EXPECT_EQ(cause_of_lines(std::string("SF:/a.cc\n") + line + "\nend_of_record\n"),
              "a line has no number or no count")
        << line;
  }
  EXPECT_EQ(cause_of_lines(""), "");
}

TEST(LlvmExport, StopsCountsAtTheLargestNumber) {
  LlvmExport result;
  const std::string text = "SF:/a.cc\nDA:1,18446744073709551615\nDA:1,7,checksum\nend_of_record\n";
  read_exported_lines(text, "prog", result);
  EXPECT_EQ(result.at("/a.cc").lines.at(1), INT64_MAX);
}

std::string json_of(const std::string& function) {
  return R"({"data":[{"files":[],"functions":[)" + function +
         R"(]}],"type":"llvm.coverage.json.export","version":"2.0.1"})";
}

TEST(LlvmExport, RefusesFunctionsThatAreNone) {
  EXPECT_NE(cause_of_functions("{"), "");
  EXPECT_NE(cause_of_functions(""), "");
  EXPECT_EQ(cause_of_functions("[]"), "it is no JSON of llvm-cov");
  EXPECT_EQ(cause_of_functions(R"({"type":"other"})"), "it is no JSON of llvm-cov");
  EXPECT_EQ(cause_of_functions(json_of("")), "");
  EXPECT_EQ(cause_of_functions(json_of("{}")), "a function has no filenames");
  EXPECT_EQ(cause_of_functions(json_of(R"({"filenames":["/a.cc"]})")), "a function has no regions");
  EXPECT_EQ(cause_of_functions(
                json_of(R"({"filenames":["/a.cc"],"name":"f","regions":[[1,1,2,2,1,0,0]]})")),
            "a region is too short");
  EXPECT_EQ(cause_of_functions(
                json_of(R"({"filenames":["/a.cc"],"name":"f","regions":[[0,1,2,2,1,0,0,0]]})")),
            "a region has no line");
  EXPECT_EQ(cause_of_functions(json_of(
                R"({"count":1,"filenames":["/a.cc"],"name":"f","regions":[[1,1,2,2,1,1,0,0]]})")),
            "a region is in no file");
  EXPECT_EQ(cause_of_functions(
                json_of(R"({"count":1,"filenames":["/a.cc"],"regions":[[1,1,2,2,1,0,0,0]]})")),
            "a function has no name");
  EXPECT_EQ(cause_of_functions(
                json_of(R"({"filenames":["/a.cc"],"name":"f","regions":[[1,1,2,2,1,0,0,0]]})")),
            "a function has no count");
}

TEST(LlvmExport, RefusesMacrosThatHoldEachOther) {
  EXPECT_EQ(
      cause_of_functions(json_of(R"({"count":1,"filenames":["/a.cc","/a.cc"],"name":"f","regions":)"
                                 R"([[1,1,2,2,1,0,0,0],[3,1,3,2,1,0,1,1],[4,1,4,2,1,1,0,1]]})")),
      "macros hold each other");
}

// As clang 19 tells of: #define BOTH(a, b) ((a) && (b)), line 2; `a && (b || c)`, line 3.
std::string decisions(const std::string& records) {
  return json_of(
      R"({"count":3,"filenames":["/a.cc","/a.cc"],"name":"f","regions":[[3,26,3,67,3,0,0,0],)"
      R"([9,9,9,13,1,0,1,1]],"branches":[[3,31,3,32,2,1,0,0,6],[3,37,3,38,0,2,0,0,6],)"
      R"([3,42,3,43,1,1,0,0,6],[2,20,2,23,1,0,1,0,6],[2,27,2,30,0,1,1,0,6]],"mcdc_records":)" +
      records + "}");
}

TEST(LlvmExport, ReadsDecisions) {
  LlvmExport result;
  const std::string text =
      decisions("[[3,31,3,44,0,5,[true,false,true]],[2,20,2,30,0,5,[false,false]]]");
  read_exported_functions(text, "prog", result);
  std::vector<std::pair<std::uint32_t, ExportedDecision>> found;
  for (const auto& [place, decision] : result.at("/a.cc").decisions) {
    found.emplace_back(place.first, decision);
  }
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], std::pair(3U, ExportedDecision{3, 0b101}));
  EXPECT_EQ(found[1], std::pair(9U, ExportedDecision{2, 0}));  // where the macro stands
  // Another instance of the template has decided by other terms.
  read_exported_functions(decisions("[[3,31,3,44,0,5,[false,true,false]]]"), "prog", result);
  EXPECT_EQ(result.at("/a.cc").decisions.begin()->second, (ExportedDecision{3, 0b111}));
}

// Clang 20 has two more numbers, and 22 the ways through the decision behind its terms.
TEST(LlvmExport, ReadsDecisionsOfNewerReleases) {
  for (const std::string more :
       {"", R"(,[{"conditions":[false,null,true],"executed":true,"result":false}])"}) {
    LlvmExport result;
    read_exported_functions(decisions("[[3,31,3,44,1,2,0,0,5,[true,false,true]" + more + "]]"),
                            "prog", result);
    EXPECT_EQ(result.at("/a.cc").decisions.begin()->second, (ExportedDecision{3, 0b101})) << more;
  }
}

TEST(LlvmExport, KeepsTheDecisionsOfOneMacroApart) {
  LlvmExport result;
  const std::string text = json_of(
      R"({"count":1,"filenames":["/a.cc","/a.cc","/a.cc"],"name":"f","regions":[[8,1,12,1,1,0,0,0],)"
      R"([9,9,9,13,1,0,1,1],[10,9,10,13,1,0,2,1]],"branches":[[2,20,2,23,1,0,1,0,6],)"
      R"([2,27,2,30,0,1,1,0,6],[2,20,2,23,1,0,2,0,6],[2,27,2,30,1,0,2,0,6]],"mcdc_records":)"
      R"([[2,20,2,30,0,5,[false,true]],[2,20,2,30,0,5,[true,false]]]})");
  read_exported_functions(text, "prog", result);
  std::vector<std::pair<std::uint32_t, std::uint64_t>> covered;
  for (const auto& [place, decision] : result.at("/a.cc").decisions) {
    covered.emplace_back(place.first, decision.covered);
  }
  EXPECT_EQ(covered, (std::vector<std::pair<std::uint32_t, std::uint64_t>>{{9, 0b10}, {10, 0b01}}));
}

// As of `(a && b) || c` and of BOTH(a, b) || c, whose first terms begin behind the decision, and of
// a decision of which llvm-cov tells no term, since they are all in macros.
TEST(LlvmExport, ADecisionMayBeginWithParenthesesOrAMacro) {
  const auto lines_of = [](const std::string& branches) {
    LlvmExport result;
    read_exported_functions(
        json_of(
            R"({"count":1,"filenames":["/a.cc","/a.h"],"name":"f","regions":[[4,1,9,2,1,0,0,0],)"
            R"([6,7,6,11,1,0,1,1]],"branches":[)" +
            branches + R"(],"mcdc_records":[[6,7,6,43,0,5,[false,true]]]})"),
        "prog", result);
    std::vector<std::uint32_t> lines;
    for (const auto& [place, decision] : result.at("/a.cc").decisions) lines.push_back(place.first);
    return lines;
  };
  const std::vector<std::uint32_t> line = {6};
  EXPECT_EQ(lines_of("[6,8,6,9,1,1,0,0,6],[6,20,6,21,1,1,0,0,6]"), line);
  EXPECT_EQ(lines_of("[6,36,6,42,1,0,0,0,6],[3,21,3,24,2,0,1,0,6]"), line);
  EXPECT_EQ(lines_of("[3,21,3,24,2,0,1,0,6],[3,28,3,31,2,0,1,0,6]"), line);
  EXPECT_EQ(lines_of(""), line);  // only constants
}

// Its file is that of the mapping, if that is known.
TEST(LlvmExport, ADecisionMayBeToldWhereItIs) {
  LlvmExport result;
  const auto complete = [](LlvmFunction& function) { function.decisions[0].file = 1; };
  read_exported_functions(decisions("[[3,31,3,44,0,5,[true,false,true]]]"), "prog", result,
                          complete);
  EXPECT_EQ(result.at("/a.cc").decisions.begin()->first.first, 9U);  // where the macro stands
}

TEST(LlvmExport, RefusesDecisionsThatAreNone) {
  EXPECT_EQ(cause_of_functions(decisions("[[3,31,3,44,0,5]]")), "a region is too short");
  EXPECT_EQ(cause_of_functions(decisions("[[3,31,3,44,0,5,7]]")), "a decision has no terms");
  EXPECT_EQ(cause_of_functions(decisions("[[3,31,3,44,0,5,[]]]")), "a decision has no terms");
  EXPECT_EQ(cause_of_functions(decisions("[[3,31,3,44,0,5,[true,0]]]")),
            "a term of a decision is neither covered nor not");
}

TEST(LlvmExport, KeepsTheBranchesOfOneMacroApart) {
  LlvmExport result;
  read_exported_functions(
      json_of(R"({"count":1,"filenames":["/a.cc","/a.h"],"name":"f","regions":)"
              R"([[1,1,9,2,1,0,0,0],[3,5,3,9,1,0,1,1],[2,1,2,9,1,1,0,0]],"branches":)"
              R"([[2,3,2,4,1,2,1,0,4],[2,7,2,8,3,4,1,0,4]]})"),
      "prog", result);
  EXPECT_EQ(branches_of(result.at("/a.cc")), (std::vector<std::string>{"3: 1 2", "3: 3 4"}));
  EXPECT_FALSE(result.contains("/a.h"));
}

TEST(LlvmExport, KnowsFunctionsOfOneFileByTheLinkersName) {
  EXPECT_EQ(linker_name("main"), "main");
  EXPECT_EQ(linker_name("a.cc:_ZL3onev"), "_ZL3onev");
  EXPECT_EQ(linker_name("/src/dir/a.cc;_ZL3onev"), "_ZL3onev");
  EXPECT_EQ(linker_name(""), "");
}

}  // namespace
}  // namespace gentle

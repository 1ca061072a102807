#include "coverage/combine/packed_llvm.h"

#include <gtest/gtest.h>

#include "cause_of_error.h"
#include "coverage/combine/run_record.h"

namespace gentle {
namespace {

std::string name_of(const std::string& name) { return name == "/src/a.cc" ? "a.cc" : ""; }

// Of lines 2 to 4, with a region in line 3 and a branch.
LlvmFunction function(std::uint64_t calls, std::uint64_t taken) {
  return {"a.cc:f",
          calls,
          {"/src/a.cc", "/usr/include/b.h"},
          {{2, 1, 4, 2, calls, 0, 0, 0}, {3, 7, 3, 9, taken, 0, 0, 0}},
          {{3, 3, 3, 5, taken, calls - taken, 0, 0, 4}}};
}

RunRecord run(const std::string& name, std::uint64_t calls, std::uint64_t taken) {
  RunRecord record;
  record.runs = {name};
  record.programs.add(record_program(
      "bin/a", {pack_llvm_lines("a.cc", {{2, {0, calls}}, {3, {calls, taken}}, {4, {calls}}}),
                *renamed_llvm_function(pack_llvm_function(function(calls, taken)), name_of)}));
  return record;
}

TEST(PackedLlvm, AProgramCountsAsLlvmCovHasToldIt) {
  LlvmExport expected;
  LlvmFunction shown = function(5, 2);
  shown.files = {"a.cc", ""};
  add_function(shown, expected);
  expected["a.cc"].lines = {{2, 5}, {3, 5}, {4, 5}};
  LlvmExport found;
  const PackedPart lines = pack_llvm_lines("a.cc", {{2, {0, 5}}, {3, {5, 2}}, {4, {5}}});
  EXPECT_EQ(count_llvm_counts(lines.bytes), 5U);
  add_llvm_part(lines.bytes, lines.counts, found);
  const PackedPart packed = pack_llvm_function(function(5, 2));
  EXPECT_FALSE(renamed_llvm_function(packed, [](const std::string&) { return ""; }));
  const PackedPart part = *renamed_llvm_function(packed, name_of);
  EXPECT_EQ(count_llvm_counts(part.bytes), 5U);
  add_llvm_part(part.bytes, part.counts, found);
  EXPECT_EQ(found, expected);
}

// Neither run has executed all regions.
TEST(PackedLlvm, RunsAddUp) {
  RunRecord left = run("left", 3, 3);
  left.add(run("right", 2, 0), "right");
  const RunRecord both = read_run_record(left.text(), "r");
  const CoverageTable table = both.count();
  ASSERT_EQ(table.sources().size(), 1U);
  const TableSource& source = table.sources().at("a.cc");
  EXPECT_EQ(source.lines.at(3).count, 5);
  EXPECT_FALSE(source.lines.at(3).has_unexecuted_block);
  ASSERT_EQ(source.lines.at(3).groups.size(), 1U);
  EXPECT_EQ(source.lines.at(3).groups[0].branches.at(0).count, 3);
  EXPECT_EQ(source.lines.at(3).groups[0].branches.at(1).count, 2);
  const TableFunction& sum = source.functions.at({"f", 2});
  EXPECT_EQ(sum.count, 5);
  EXPECT_EQ(sum.blocks_executed, 2U);
  EXPECT_TRUE(run("right", 2, 0).count().sources().at("a.cc").lines.at(3).has_unexecuted_block);
}

TEST(PackedLlvm, OfCountersOfOneByteRunsUnite) {
  const auto noted = [](const std::string& name, std::uint64_t calls, std::uint64_t taken) {
    RunRecord record = run(name, calls, taken);
    const auto& [key, counts] = *record.programs.units().begin();
    UnitRecord unit{key.first, {}, counts};
    for (const std::string* part : key.second) unit.functions.push_back(*part);
    unit.functions.push_back(pack_llvm_once().bytes);
    record.programs = {};
    record.programs.add(unit);
    return record;
  };
  RunRecord left = noted("left", 1, 1);
  left.add(noted("right", 1, 0), "right");
  const CoverageTable table = read_run_record(left.text(), "r").count();
  const TableSource& source = table.sources().at("a.cc");
  EXPECT_EQ(source.lines.at(3).count, 1);
  EXPECT_FALSE(source.lines.at(3).has_unexecuted_block);
  EXPECT_EQ(source.lines.at(3).groups.at(0).branches.at(0).count, 1);
  EXPECT_EQ(source.functions.at({"f", 2}).count, 1);
}

// `a && b` in line 3: its paths are those of a false a, a false b, and of both true.
LlvmFunction deciding(const std::vector<std::uint64_t>& taken) {
  LlvmFunction decides = function(5, 2);
  const DecisionGraph graph{0,
                            {{DecisionGraph::kEnd, 1}, {DecisionGraph::kEnd, DecisionGraph::kEnd}}};
  decides.decisions = {{{3, 3, 3, 9}, {false, false}, 0, graph, taken}};
  return decides;
}

std::uint64_t covered_in(const PackedPart& part) {
  LlvmExport found;
  add_llvm_part(part.bytes, part.counts, found);
  return found.at("/src/a.cc").decisions.begin()->second.covered;
}

// One run has shown that a is false, the other one that both are true.
TEST(PackedLlvm, DecisionsShowTogetherWhatNeitherRunHasShown) {
  PackedPart left = pack_llvm_function(deciding({4, 0, 0}));
  const PackedPart right = pack_llvm_function(deciding({0, 0, 2}));
  EXPECT_EQ(left.bytes, right.bytes);
  EXPECT_EQ(count_llvm_counts(left.bytes), left.counts.size());
  EXPECT_EQ(covered_in(left), 0U);
  EXPECT_EQ(covered_in(right), 0U);
  for (std::size_t i = 0; i < left.counts.size(); ++i) left.counts[i] += right.counts[i];
  EXPECT_EQ(covered_in(left), 0b01U);
}

TEST(PackedLlvm, ADecisionWhosePathsAreNotKnownHasTermsAlone) {
  LlvmFunction function = deciding({});
  function.decisions[0].graph = {};
  LlvmExport found;
  const PackedPart part = pack_llvm_function(function);
  add_llvm_part(part.bytes, part.counts, found);
  EXPECT_EQ(found.at("/src/a.cc").decisions.begin()->second, (ExportedDecision{2, 0}));
}

// What two of them have shown does not add up.
TEST(PackedLlvm, FunctionsOfTwoFilesWithDecisionsAreTwo) {
  const auto named = [](const std::string& file) {
    LlvmFunction function = deciding({1, 0, 0});
    function.name = file + ";_ZL1fv";
    const auto naming = [](const std::string& path) {
      return path.starts_with("/src/") ? path.substr(5) : "";
    };
    return renamed_llvm_function(pack_llvm_function(function), naming)->bytes;
  };
  EXPECT_NE(named("/src/a.cc"), named("/src/b.cc"));
  EXPECT_EQ(named("/other/a.cc"), named("/elsewhere/a.cc"));
  EXPECT_NE(named("/other/a.cc"), named("/other/b.cc"));
  EXPECT_NE(named("/src/a.cc").find(std::string("a.cc:_ZL1fv")), std::string::npos);
}

TEST(PackedLlvm, DamagedDecisionsAreErrors) {
  const auto cause = [](LlvmFunction function) {
    return cause_of_error([&] { count_llvm_counts(pack_llvm_function(function).bytes); });
  };
  const std::string bytes = pack_llvm_function(deciding({1, 0, 0})).bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_NE(cause_of_error([&] { count_llvm_counts(bytes.substr(0, i)); }), "") << i;
  }
  LlvmFunction circle = deciding({1, 0, 0});
  circle.decisions[0].graph.next[0][0] = 0;
  EXPECT_EQ(cause(circle), "it is damaged: no path leads through a decision");
  LlvmFunction outside = deciding({1, 0, 0});
  outside.decisions[0].graph.next[0][0] = DecisionGraph::kEnd + 1;
  EXPECT_EQ(cause(outside), "it is damaged: a number is too large");
}

TEST(PackedLlvm, DamagedPartsAreErrors) {
  const auto cause = [](const std::string& bytes) {
    return cause_of_error([&] { count_llvm_counts(bytes); });
  };
  const std::string bytes = pack_llvm_function(function(5, 2)).bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_NE(cause(bytes.substr(0, i)).find("it is damaged: "), std::string::npos) << i;
  }
  EXPECT_EQ(cause(bytes + '\0'), "it is damaged: there are bytes behind the end of a part");
  EXPECT_EQ(cause("\x03"), "it is damaged: a number is too large");
  RunRecord record;
  record.runs = {"r"};
  record.programs.add(record_program("a", {{bytes, {1, 2, 3}}}));
  EXPECT_EQ(cause_of_error([&] { read_run_record(record.text(), "r"); }),
            "it is damaged: its counters do not belong to its functions");
}

}  // namespace
}  // namespace gentle

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

TEST(PackedLlvm, DamagedPartsAreErrors) {
  const auto cause = [](const std::string& bytes) {
    return cause_of_error([&] { count_llvm_counts(bytes); });
  };
  const std::string bytes = pack_llvm_function(function(5, 2)).bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_NE(cause(bytes.substr(0, i)).find("it is damaged: "), std::string::npos) << i;
  }
  EXPECT_EQ(cause(bytes + '\0'), "it is damaged: there are bytes behind the end of a part");
  EXPECT_EQ(cause("\x02"), "it is damaged: a number is too large");
  RunRecord record;
  record.runs = {"r"};
  record.programs.add(record_program("a", {{bytes, {1, 2, 3}}}));
  EXPECT_EQ(cause_of_error([&] { read_run_record(record.text(), "r"); }),
            "it is damaged: its counters do not belong to its functions");
}

}  // namespace
}  // namespace gentle

#include "coverage/report/llvm_gathering.h"

#include <gtest/gtest.h>

#include "recorded_llvm_exports.h"

namespace gentle {
namespace {

// One program of each release, as if both had run.
LlvmGathered gathered() {
  LlvmGathered result;
  for (const auto& [lcov, json] : {std::pair{recorded::kLcov14, recorded::kJson14},
                                   std::pair{recorded::kLcov19, recorded::kJson19}}) {
    LlvmCounted& program = result.programs.emplace_back();
    read_exported_lines(lcov, "prog", program.sources);
    read_exported_functions(json, "prog", program.sources);
    for (const auto& [name, source] : program.sources) {
      program.object.sources[name].file = "/project" + name;
    }
  }
  return result;
}

std::vector<std::int64_t> counts_of(const TableLine& line) {
  std::vector<std::int64_t> counts;
  for (const BranchGroup& group : line.groups) {
    for (const TableBranch& branch : group.branches) counts.push_back(branch.count);
  }
  return counts;
}

TEST(LlvmGathering, AddsUpTheCountsOfSeveralPrograms) {
  CoverageTable table;
  add_llvm_counts(gathered(), {"/project/src/a.cc", "/project/src/h.h"}, table);
  ASSERT_EQ(table.sources().size(), 2U);
  const TableSource& source = table.sources().at("/project/src/a.cc");
  EXPECT_EQ(source.lines.at(7).count, 8);
  EXPECT_EQ(counts_of(source.lines.at(7)), (std::vector<std::int64_t>{6, 2}));
  EXPECT_EQ(counts_of(source.lines.at(3)), (std::vector<std::int64_t>{2, 0, 0, 2}));
  EXPECT_TRUE(source.lines.at(13).has_unexecuted_block);
  EXPECT_EQ(source.functions.at({"main", 5}).count, 2);
  const TableSource& header = table.sources().at("/project/src/h.h");
  EXPECT_EQ(header.lines.at(2).count, 8);
  EXPECT_EQ(counts_of(header.lines.at(3)), (std::vector<std::int64_t>{2, 6}));
}

TEST(LlvmGathering, TellsWhatWasReadFromMemory) {
  EXPECT_EQ(rescued_profiles_text({}), "");
  EXPECT_EQ(rescued_profiles_text({"/a/rescued-1/1.profraw"}), "");
  EXPECT_EQ(
      rescued_profiles_text({"/a/1.profraw", "/a/rescued-1.profraw"}),
      "Of Clang or rustc, 1 profile was read from memory: a line behind a loop or a call that "
      "had not ended may count once too often.\n");
}

TEST(LlvmGathering, LeavesOutWhatDoesNotCount) {
  CoverageTable table;
  add_llvm_counts(gathered(), {"/project/src/h.h"}, table);
  ASSERT_EQ(table.sources().size(), 1U);
  EXPECT_EQ(table.sources().begin()->first, "/project/src/h.h");
}

// gcc's branches are ways out of a block, clang's are conditions.
TEST(LlvmGathering, KeepsTheBranchesOfGccBesideThem) {
  CoverageTable table;
  TableLine& line = table.sources()["/project/src/a.cc"].lines[7];
  line.count = 5;
  line.groups = {{std::uint64_t{5} << 32U | 5U, {{5, true, false}, {0, false, true}}}};
  add_llvm_counts(gathered(), {"/project/src/a.cc"}, table);
  const TableLine& sum = table.sources().at("/project/src/a.cc").lines.at(7);
  EXPECT_EQ(sum.count, 13);
  EXPECT_EQ(counts_of(sum), (std::vector<std::int64_t>{5, 0, 6, 2}));
}

}  // namespace
}  // namespace gentle

#include "coverage/combine/recorded_java.h"

#include <gtest/gtest.h>

#include "cause_of_error.h"

namespace gentle {
namespace {

// Of three probes. The branches of line 4: of probe 0; of probes 1 and 2; and of none.
ProbedSource sample(const std::vector<bool>& executed) {
  ProbedClass one;
  one.lines[3] = {{0, 1, 2}, {}};
  one.lines[4] = {{0, 2}, {{0}, {1, 2}, {}}};
  one.methods = {{3, "p.A.run()", {0, 1, 2}}, {9, "p.A.<init>()", {2}}};
  one.executed = executed;
  return {{"p/A", one}};
}

std::uint32_t taken(const TableSource& source, std::uint32_t line) {
  std::uint32_t count = 0;
  for (const TableBranch& branch : source.lines.at(line).groups.at(0).branches) {
    count += branch.count > 0 ? 1 : 0;
  }
  return count;
}

std::string packed(const ProbedSource& source) {
  Packer packer;
  pack_probed_source(source, packer);
  return packer.take();
}

ProbedSource unpacked(const std::string& bytes) {
  Unpacker unpacker(bytes);
  ProbedSource source = unpack_probed_source(unpacker);
  EXPECT_TRUE(unpacker.at_end());
  return source;
}

TEST(RecordedJava, WhatHasAnExecutedProbeWasExecuted) {
  const TableSource source = java_table_source(sample({false, true, false}));
  EXPECT_EQ(source.lines.at(3).count, 1);
  EXPECT_TRUE(source.lines.at(3).groups.empty());
  EXPECT_EQ(source.lines.at(4).count, 0);
  EXPECT_EQ(source.lines.at(4).groups.at(0).branches.size(), 3U);
  EXPECT_EQ(taken(source, 4), 1U);
  EXPECT_EQ(source.functions.at({"p.A.run()", 3}).count, 1);
  EXPECT_EQ(source.functions.at({"p.A.<init>()", 9}).count, 0);
}

// As of an inline function of Kotlin, of which class q/B has a copy.
TEST(RecordedJava, OfALineWithCopiesTheseCountAndNoBranches) {
  ProbedSource source = sample({false, true, false});
  ProbedClass& copy = source["p/A;q/B"];
  copy.lines[4] = {{1}, {}};
  copy.methods = {{9, "p.A.<init>()", {1}}};
  copy.executed = {false, false};
  TableSource table = java_table_source(source);
  EXPECT_EQ(table.lines.at(4).count, 0);
  EXPECT_TRUE(table.lines.at(4).groups.empty());
  EXPECT_EQ(table.functions.at({"p.A.<init>()", 9}).count, 0);
  EXPECT_EQ(table.functions.at({"p.A.run()", 3}).count, 1);
  ProbedSource other = sample({false, false, false});  // of a run that knows nothing of q/B
  EXPECT_TRUE(fit_together(source, other));
  copy.executed = {false, true};
  unite(other, source);
  table = java_table_source(other);
  EXPECT_EQ(table.lines.at(4).count, 1);
  EXPECT_TRUE(table.lines.at(4).groups.empty());
  EXPECT_EQ(table.functions.at({"p.A.<init>()", 9}).count, 1);
}

// Of each two runs one branch was taken: of two of them it was the same.
TEST(RecordedJava, BranchesOfTwoRunsUnite) {
  const ProbedSource left = sample({true, false, false});
  const ProbedSource middle = sample({false, true, false});
  const ProbedSource right = sample({false, false, true});
  for (const ProbedSource& one : {left, middle, right}) {
    EXPECT_EQ(taken(java_table_source(one), 4), 1U);
  }
  ProbedSource both = left;
  unite(both, middle);
  EXPECT_EQ(taken(java_table_source(both), 4), 2U);
  both = middle;
  unite(both, right);
  EXPECT_EQ(taken(java_table_source(both), 4), 1U);
}

TEST(RecordedJava, ClassesOfOneSourceAddTheirLines) {
  ProbedSource source = sample({true, false, false});
  ProbedSource other;
  other["p/A$1"] = sample({false, true, true}).at("p/A");
  other["p/A$1"].methods.clear();
  EXPECT_TRUE(fit_together(source, other)) << "another part may know other classes";
  unite(source, other);
  const TableSource table = java_table_source(source);
  EXPECT_EQ(table.lines.at(4).groups.at(0).branches.size(), 6U);
  EXPECT_EQ(taken(table, 4), 2U);
}

TEST(RecordedJava, AClassWithOtherProbesDoesNotFit) {
  const ProbedSource source = sample({true, false, false});
  EXPECT_TRUE(fit_together(source, sample({false, false, false})));
  EXPECT_FALSE(fit_together(source, sample({false, false, false, false})));
  ProbedSource other = source;
  other.at("p/A").lines[4].branches[1] = {1};
  EXPECT_FALSE(fit_together(source, other));
  other = source;
  other.at("p/A").methods[1].probes = {1};
  EXPECT_FALSE(fit_together(source, other));
}

TEST(RecordedJava, TablesAreTheSameIfEachNumberIs) {
  const TableSource table = java_table_source(sample({true, true, false}));
  EXPECT_FALSE(are_same_counts(table, java_table_source(sample({true, false, true}))));
  EXPECT_TRUE(are_same_counts(table, table));
  TableSource other = table;
  other.lines[4].groups[0].branches.pop_back();
  EXPECT_FALSE(are_same_counts(table, other));
  other = table;
  other.lines[3].count = 0;
  EXPECT_FALSE(are_same_counts(table, other));
  other = table;
  other.lines[5];
  EXPECT_FALSE(are_same_counts(table, other));
  EXPECT_FALSE(are_same_counts(table, {}));
}

TEST(RecordedJava, ComesBackFromItsBytes) {
  ProbedSource source = sample({true, false, true});
  source["p/B"].executed.resize(300);
  source["p/B"].lines[70000] = {{5, 299}, {{299}}};
  const ProbedSource back = unpacked(packed(source));
  EXPECT_EQ(packed(back), packed(source));
  EXPECT_TRUE(back.at("p/B").has_probes_of(source.at("p/B")));
  EXPECT_EQ(back.at("p/A").executed, source.at("p/A").executed);
}

TEST(RecordedJava, ProbesThatAreNotThereAreAnError) {
  for (const std::uint32_t probe : {2U, 3U, UINT32_MAX}) {
    ProbedSource source = sample({true, false, true});
    source.at("p/A").lines[4].branches[1] = {1, probe};
    const std::string bytes = packed(source);
    const auto cause = cause_of_error([&] { unpacked(bytes); });
    EXPECT_EQ(cause, probe == 2 ? "" : "it is damaged: it names a probe that is not there");
  }
}

}  // namespace
}  // namespace gentle

#include "coverage/combine/run_record.h"

#include <gtest/gtest.h>

#include "base/content_hash.h"
#include "cause_of_error.h"
#include "sample_run.h"

namespace gentle {
namespace {

TableSource counted(const RunRecord& record) { return record.count().sources().at("src/a.c"); }

TEST(RunRecord, CountsWhatTheRunHasCounted) {
  const TableSource source = counted(sample_run("a", 5, 2));
  EXPECT_EQ(source.lines.at(6).count, 5);
  EXPECT_EQ(source.lines.at(8).count, 2);
  EXPECT_EQ(source.lines.at(6).groups.at(0).branches.at(1).count, 2);
  EXPECT_EQ(source.functions.at({"f", 5}).count, 5);
  EXPECT_EQ(sample_run("a", 5, 2).count().sources().size(), 1U) << "no hidden source";
}

// No sum of two reports tells it: each has a block that was not executed.
TEST(RunRecord, BlocksThatOneRunHasExecutedAreExecuted) {
  RunRecord left = sample_run("left", 1, 0);
  const RunRecord right = sample_run("right", 1, 1);
  EXPECT_TRUE(counted(left).lines.at(7).has_unexecuted_block);
  EXPECT_TRUE(counted(right).lines.at(7).has_unexecuted_block);
  left.add(right, "right");
  EXPECT_FALSE(counted(left).lines.at(7).has_unexecuted_block);
  EXPECT_EQ(counted(left).functions.at({"f", 5}).blocks_executed, 4U);
  EXPECT_EQ(left.runs, (std::set<std::string>{"left", "right"}));
}

// What a run has shown of a decision is shown twice by two runs, and no less shown.
TEST(RunRecord, WhatIsKnownOfDecisionsUnites) {
  RunRecord left = sample_run("left", 2, 1, {0b01, 0b10});
  left.add(sample_run("right", 1, 1, {0b01, 0b01}), "right");
  const TableLine line = counted(left).lines.at(6);
  ASSERT_EQ(line.decisions.size(), 1U);
  EXPECT_EQ(line.decisions.at(0).decisions,
            (std::vector<TableDecision>{{.terms = 2, .by_true = 0b01, .by_false = 0b11}}));
  EXPECT_EQ(line.count, 3) << "counters of arcs add up";
}

TEST(RunRecord, WhatOneRunLacksAllLack) {
  RunRecord record = sample_run("a", 5, 2);
  RunRecord other = sample_run("b", 5, 2);
  other.lacking = {"src/b.c"};
  record.add(other, "b");
  EXPECT_EQ(read_run_record(record.text(), "r").lacking, other.lacking);
}

// Their sum would be too low, where a report of one run leaves the source out.
TEST(RunRecord, KnowsWhatOnlySomeRunsCouldCount) {
  RunRecord record = sample_run("a", 5, 2);
  record.go["p.go"];
  record.java["A.java"];
  record.uncounted = {"nobody.go"};
  EXPECT_EQ(record.counted_in_part(), std::set<std::string>{});
  RunRecord other = sample_run("b", 5, 2);
  other.uncounted = {"p.go", "A.java"};
  record.add(read_run_record(other.text(), "r"), "b");
  EXPECT_EQ(record.counted_in_part(), (std::set<std::string>{"A.java", "p.go"}));
}

TEST(RunRecord, LinesThatOneRunHasExecutedAreExecuted) {
  RunRecord record = sample_run("a", 5, 2);
  record.marked["app.py"] = {{1, 2}, {3, 4, 5}, {4}};
  RunRecord other = sample_run("b", 1, 1);
  other.marked["app.py"] = {{1, 3}, {2, 4, 5}, {4}};
  other.marked["other.py"] = {{7}, {}, {}};
  record.add(other, "b");
  const RunRecord back = read_run_record(record.text(), "r");
  EXPECT_EQ(back.marked, (std::map<std::string, MarkedLines>{{"app.py", {{1, 2, 3}, {4, 5}, {4}}},
                                                             {"other.py", {{7}, {}, {}}}}));
  const auto sources = back.count().sources();
  const auto& lines = sources.at("app.py").lines;
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines.at(3).count, 1);
  EXPECT_EQ(lines.at(5).count, 0);
  EXPECT_TRUE(lines.at(4).is_excluded);
  EXPECT_FALSE(lines.at(5).is_excluded);
  EXPECT_EQ(sources.at("other.py").lines.at(7).count, 1);
}

TEST(RunRecord, BlocksOfGoAddUp) {
  const auto go = [](std::uint32_t first, std::uint32_t second) {
    return GoSource{{{"p.f", {{1, 1, 2, 5, 1}}, {first}}, {"p.g", {{2, 9, 3, 5, 1}}, {second}}}};
  };
  RunRecord record = sample_run("a", 5, 2);
  record.go["p.go"] = go(1, 0);
  RunRecord other = sample_run("b", 1, 1);
  other.go["p.go"] = go(0, 1);
  record.add(other, "b");
  const auto sources = read_run_record(record.text(), "r").count().sources();
  EXPECT_EQ(sources.at("p.go").lines.at(1).count, 1);
  EXPECT_EQ(sources.at("p.go").lines.at(2).count, 1);
  EXPECT_EQ(sources.at("p.go").lines.at(3).count, 1);
  RunRecord foreign = sample_run("c", 1, 1);
  foreign.go["p.go"] = go(0, 1);
  foreign.go["p.go"].functions.pop_back();
  EXPECT_EQ(cause_of_error([&] { record.add(foreign, "c"); }),
            "'p.go' was compiled otherwise than for the reports before it");
  EXPECT_EQ(record.runs.size(), 2U);
}

TEST(RunRecord, ProbesOfJavaUnite) {
  const auto java = [](const std::vector<bool>& executed) {
    ProbedClass one;
    one.lines[7] = {{0, 1}, {{0}, {1}}};
    one.executed = executed;
    return ProbedSource{{"p/A", one}};
  };
  RunRecord record = sample_run("a", 5, 2);
  record.java["A.java"] = java({true, false});
  RunRecord other = sample_run("b", 1, 1);
  other.java["A.java"] = java({false, true});
  record.add(other, "b");
  const auto sources = read_run_record(record.text(), "r").count().sources();
  const auto& branches = sources.at("A.java").lines.at(7).groups.at(0).branches;
  ASSERT_EQ(branches.size(), 2U);
  EXPECT_EQ(branches[0].count + branches[1].count, 2);
  RunRecord foreign = sample_run("c", 1, 1);
  foreign.java["A.java"] = java({false, true, false});
  EXPECT_EQ(cause_of_error([&] { record.add(foreign, "c"); }),
            "'A.java' was compiled otherwise than for the reports before it");
  EXPECT_EQ(record.runs.size(), 2U);
}

TEST(RunRecord, WaysThatOneRunHasTakenAreTaken) {
  RunRecord record = sample_run("a", 5, 2);
  record.marked["app.js"] = {{1}, {2}, {}, {{1, {true, false}}, {1, {false}}, {2, {false, false}}}};
  RunRecord other = sample_run("b", 1, 1);
  other.marked["app.js"] = {{1}, {2}, {}, {{1, {false, false}}, {1, {true}}, {2, {false, true}}}};
  record.add(other, "b");
  const RunRecord back = read_run_record(record.text(), "r");
  EXPECT_EQ(back.marked.at("app.js").branches,
            (std::vector<MarkedBranch>{{1, {true, false}}, {1, {true}}, {2, {false, true}}}));
  const auto sources = back.count().sources();
  const auto& groups = sources.at("app.js").lines.at(1).groups;
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_NE(groups[0].place, groups[1].place) << "they would add up";
  ASSERT_EQ(groups[0].branches.size(), 2U);
  EXPECT_EQ(groups[0].branches[0].count, 1);
  EXPECT_EQ(groups[0].branches[1].count, 0);
}

TEST(RunRecord, OfOtherBranchesOfOneSourceTheLargerListCounts) {
  const std::vector<MarkedBranch> few = {{1, {true, false}}};
  const std::vector<MarkedBranch> many = {{1, {false, false}}, {2, {true}}};
  for (const bool is_first : {true, false}) {
    RunRecord record = sample_run("a", 5, 2);
    record.marked["app.js"] = {{1}, {2}, {}, is_first ? few : many};
    RunRecord other = sample_run("b", 1, 1);
    other.marked["app.js"] = {{2}, {1}, {}, is_first ? many : few};
    record.add(other, "b");
    EXPECT_EQ(record.marked.at("app.js").branches, many);
    EXPECT_EQ(record.marked.at("app.js").executed, (std::set<std::uint32_t>{1, 2}));
  }
}

TEST(RunRecord, TheOrderDoesNotMatter) {
  RunRecord one = sample_run("a", 3, 1);
  one.add(sample_run("b", 4, 4), "b");
  RunRecord other = sample_run("b", 4, 4);
  other.add(sample_run("a", 3, 1), "a");
  EXPECT_EQ(one.text(), other.text());
  EXPECT_NE(one.text(), sample_run("a", 7, 5).text());
}

TEST(RunRecord, ComesBackFromItsText) {
  const RunRecord record = sample_run("a", 5, 2);
  const std::string text = record.text();
  EXPECT_TRUE(is_run_record(text));
  const RunRecord back = read_run_record(text, "r");
  EXPECT_EQ(back.text(), text);
  EXPECT_EQ(back.title, "Title");
  EXPECT_EQ(back.formats, record.formats);
  EXPECT_EQ(back.sources, record.sources);
}

TEST(RunRecord, NoRunCountsTwice) {
  RunRecord record = sample_run("a", 5, 2);
  record.add(sample_run("b", 1, 1), "b");
  const std::string before = record.text();
  EXPECT_EQ(cause_of_error([&] { record.add(sample_run("a", 5, 2), "again"); }),
            "it holds the counts of a run that is counted already");
  EXPECT_EQ(record.text(), before);
}

TEST(RunRecord, RunsOfOtherSourcesAreNotAdded) {
  RunRecord record = sample_run("a", 5, 2);
  RunRecord other = sample_run("b", 5, 2);
  other.sources["src/a.c"].hash = 18;
  EXPECT_EQ(cause_of_error([&] { record.add(other, "b"); }),
            "it has counted another text of 'src/a.c' than the reports before it");
  other = sample_run("b", 5, 2);
  other.throw_branches = true;
  EXPECT_EQ(cause_of_error([&] { record.add(other, "b"); }),
            "it differs in THROW_BRANCHES from the reports before it");
  EXPECT_EQ(record.runs.size(), 1U);
}

TEST(RunRecord, EachCutAndEachChangedByteIsAnError) {
  const std::string text = sample_run("a", 5, 2).text();
  const auto cause = [](const std::string& changed) {
    return cause_of_error([&] { read_run_record(changed, "r"); });
  };
  EXPECT_EQ(cause(""), "it is empty");
  EXPECT_EQ(cause("{}"), "it is no record of a run");
  EXPECT_EQ(cause("gentle-run 9\nnew"), "it is of another version of gentle: 'gentle-run 9'");
  EXPECT_EQ(cause("gentle-run 4"), "it is cut off");
  for (std::size_t i = 13; i < text.size(); ++i) {
    EXPECT_EQ(cause(text.substr(0, i)), "it is cut off or changed") << i;
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(cause(changed), "it is cut off or changed") << i;
  }
}

}  // namespace
}  // namespace gentle

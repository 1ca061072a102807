#include "coverage/gcov/unit_lines.h"

#include <gtest/gtest.h>

#include "notes_bytes.h"

// The rules themselves are compared with gcov's in tests/gcov; here each one stands once.
namespace gentle {
namespace {

struct Unit {
  UnitNotes notes;
  UnitLines lines;
};

Unit count(const NotesBytes& bytes, const DataBytes& data) {
  Unit unit;
  const auto exists = [](const std::string&) { return false; };
  unit.notes = read_unit_notes(bytes.bytes(), "a.gcno", exists);
  unit.lines = count_unit_lines(unit.notes, read_unit_counters(data.bytes(), unit.notes));
  return unit;
}

std::vector<std::int64_t> counts(const SourceCount& source) {
  std::vector<std::int64_t> found;
  for (const LineCount& line : source.lines) found.push_back(line.count);
  return found;
}

// A loop, 2 to 3 and back, and the last block, which has no line.
NotesBytes loop(std::uint32_t first_line, std::uint32_t second_line) {
  return NotesBytes()
      .function(1, "f", 5, 7)
      .blocks(5)
      .arcs({0, 2, 5})
      .arcs({2, 3, 4})
      .arcs({3, 2, 0, 4, 5})
      .arcs({4, 1, 1})
      .lines(2, {first_line})
      .lines(3, {second_line});
}

// Entered 2 times, 7 times around: 2-3 has 9, 3-2 has 7.
const DataBytes kLooped = DataBytes().function(1).counters({9, 7});

TEST(UnitLines, CountsWhatEntersALine) {
  const Unit unit = count(loop(5, 6), kLooped);
  ASSERT_EQ(unit.lines.sources.size(), 1U);
  const SourceCount& source = unit.lines.sources[0];
  EXPECT_EQ(source.name, "a.c");
  EXPECT_EQ(counts(source), (std::vector<std::int64_t>{9, 9}));
  EXPECT_EQ(source.lines[0].branches.size, 0U);
  ASSERT_EQ(source.lines[1].branches.size, 2U);
  EXPECT_EQ(unit.lines.branches[0], (BranchCount{7, 3, 2, false, false}));
  EXPECT_EQ(unit.lines.branches[1], (BranchCount{2, 3, 4, true, false}));
  ASSERT_EQ(source.functions.size(), 1U);
  EXPECT_EQ(source.functions[0].execution_count, 2);
  EXPECT_EQ(source.functions[0].blocks, 3U);
  EXPECT_EQ(source.functions[0].blocks_executed, 3U);
  EXPECT_EQ(source.lines[1].function, 0U);
}

TEST(UnitLines, CountsALoopOnOneLineByItsCycles) {
  EXPECT_EQ(counts(count(loop(5, 5), kLooped).lines.sources[0]), (std::vector<std::int64_t>{9}));
}

TEST(UnitLines, CountsNothingWithoutData) {
  const Unit unit = count(loop(5, 6), DataBytes());
  EXPECT_EQ(counts(unit.lines.sources[0]), (std::vector<std::int64_t>{0, 0}));
  EXPECT_TRUE(unit.lines.sources[0].lines[0].has_unexecuted_block);
}

// 5 and 6 are only touched, 7 is where the block counts.
TEST(UnitLines, TouchesTheOtherLinesOfABlock) {
  NotesBytes notes = loop(5, 5).lines(3, {6, 7, 6});
  const Unit unit = count(notes, kLooped);
  EXPECT_EQ(counts(unit.lines.sources[0]), (std::vector<std::int64_t>{9, 18, 9}));
}

// Through the fake arc, block 2 is a call: what is neither fake nor a fall-through is thrown.
TEST(UnitLines, KnowsWhatOnlyAThrowReaches) {
  const NotesBytes notes = NotesBytes()
                               .function(1, "f", 5, 7)
                               .blocks(6)
                               .arcs({0, 2, 4})
                               .arcs({2, 3, 5, 4, 0, 1, 3})
                               .arcs({3, 5, 0})
                               .arcs({4, 5, 1})
                               .arcs({5, 1, 1})
                               .lines(2, {5})
                               .lines(3, {6})
                               .lines(4, {7});
  const Unit unit = count(notes, DataBytes().function(1).counters({4, 0, 4}));
  const SourceCount& source = unit.lines.sources[0];
  EXPECT_EQ(counts(source), (std::vector<std::int64_t>{4, 4, 0}));
  EXPECT_FALSE(source.lines[2].has_unexecuted_block);
  ASSERT_EQ(source.lines[0].branches.size, 2U);
  EXPECT_FALSE(unit.lines.branches[0].is_throw);
  EXPECT_TRUE(unit.lines.branches[1].is_throw);
  EXPECT_TRUE(unit.lines.branches[0].is_exceptional) << "nothing but the throw has a say there";
  EXPECT_TRUE(unit.lines.branches[1].is_exceptional);
}

// Block 2 is a call with three ways on: without the throw, two are left to decide between.
TEST(UnitLines, ADecisionIsOneWithoutItsThrow) {
  const NotesBytes notes = NotesBytes()
                               .function(1, "f", 5, 7)
                               .blocks(6)
                               .arcs({0, 2, 4})
                               .arcs({2, 3, 4, 4, 4, 5, 0, 1, 3})
                               .arcs({3, 1, 1})
                               .arcs({4, 1, 1})
                               .arcs({5, 1, 1})
                               .lines(2, {5});
  const UnitLines unit = count(notes, DataBytes()).lines;
  ASSERT_EQ(unit.branches.size(), 3U);
  EXPECT_EQ(unit.branches[0], (BranchCount{0, 2, 3, true, false, false}));
  EXPECT_EQ(unit.branches[1], (BranchCount{0, 2, 4, true, false, false}));
  EXPECT_EQ(unit.branches[2], (BranchCount{0, 2, 5, false, true, true}));
}

NotesBytes simple(NotesBytes notes, std::uint32_t ident, const std::string& name,
                  std::uint32_t first, std::uint32_t last, std::uint32_t line,
                  bool is_artificial = false) {
  notes.function(ident, name, first, last, is_artificial).blocks(4);
  return notes.arcs({0, 2, 0}).arcs({2, 3, 5}).arcs({3, 1, 1}).lines(2, {line});
}

TEST(UnitLines, GivesFunctionsThatBeginOnOneLineTheirOwnLines) {
  NotesBytes notes = simple(simple(NotesBytes(), 1, "f<int>", 5, 6, 5), 2, "f<long>", 5, 6, 5);
  notes = simple(notes, 3, "main", 1, 9, 5);
  const Unit unit = count(
      notes,
      DataBytes().function(1).counters({1}).function(2).counters({2}).function(3).counters({4}));
  const SourceCount& source = unit.lines.sources[0];
  EXPECT_EQ(counts(source), (std::vector<std::int64_t>{4, 1, 2}));
  EXPECT_EQ(source.functions[source.lines[0].function].name, "main");
  EXPECT_EQ(source.functions[source.lines[1].function].name, "f<int>");
  EXPECT_EQ(source.functions[source.lines[2].function].name, "f<long>");
}

TEST(UnitLines, AddsUpFunctionsOnOneLineThatBeginElsewhere) {
  const NotesBytes notes = simple(simple(NotesBytes(), 1, "f", 5, 6, 8), 2, "g", 7, 9, 8);
  const Unit unit = count(notes, DataBytes().function(1).counters({3}).function(2).counters({4}));
  const SourceCount& source = unit.lines.sources[0];
  EXPECT_EQ(counts(source), (std::vector<std::int64_t>{7}));
  EXPECT_EQ(source.functions[source.lines[0].function].name, "g");
}

TEST(UnitLines, LeavesOutWhatTheCompilerMade) {
  const Unit unit = count(simple(NotesBytes(), 1, "_GLOBAL__sub_I_x", 5, 6, 5, true),
                          DataBytes().function(1).counters({1}));
  EXPECT_TRUE(unit.lines.sources[0].lines.empty());
  EXPECT_TRUE(unit.lines.sources[0].functions.empty());
}

// Block 2 ends a decision of two terms: the first has decided by being false, the second by both.
TEST(UnitLines, TellsDecisions) {
  NotesBytes notes = simple(NotesBytes(), 1, "f", 5, 6, 5);
  notes.record(kGcnoConditionsTag, words({2, 2}));
  const Unit unit =
      count(notes, DataBytes().function(1).counters({1}).counters({2, 3}, 0x01b10000));
  ASSERT_EQ(unit.lines.sources[0].lines[0].decisions.size, 1U);
  EXPECT_EQ(unit.lines.decisions[0], (DecisionCount{2, 2, 3}));
}

// `here` is inlined from a.c; `g` is an instance of a template, and of no interest.
TEST(UnitLines, CountsFunctionsOnlyWhereASourceMatters) {
  const NotesBytes bytes = loop(5, 6)
                               .function(2, "g", 20, 30, false, "b.h")
                               .blocks(3)
                               .arcs({0, 2, 0})
                               .arcs({2, 1, 1})
                               .lines(2, {21}, "b.h")
                               .function(3, "here", 40, 50, false, "b.h")
                               .blocks(4)
                               .arcs({0, 2, 0})
                               .arcs({2, 3, 5})
                               .arcs({3, 1, 1})
                               .lines(2, {6}, "a.c");
  const DataBytes data =
      DataBytes().function(1).counters({9, 7}).function(2).counters({5}).function(3).counters({4});
  const auto exists = [](const std::string&) { return false; };
  const UnitNotes notes = read_unit_notes(bytes.bytes(), "a.gcno", exists);
  const UnitCounters counters = read_unit_counters(data.bytes(), notes);
  ASSERT_EQ(notes.sources, (std::vector<std::string>{"a.c", "b.h"}));
  const UnitLines all = count_unit_lines(notes, counters);
  EXPECT_EQ(all.sources[1].functions.size(), 2U);
  EXPECT_EQ(counts(all.sources[0]), (std::vector<std::int64_t>{9, 13}));
  const UnitLines some =
      count_unit_lines(notes, counters, [](std::size_t source) { return source == 0; });
  EXPECT_EQ(counts(some.sources[0]), (std::vector<std::int64_t>{9, 13}));
  ASSERT_EQ(some.sources[1].functions.size(), 1U);
  EXPECT_EQ(some.sources[1].functions[0].name, "here");
  const UnitLines none = count_unit_lines(notes, counters, [](std::size_t) { return false; });
  EXPECT_EQ(none.sources.size(), 2U);
  EXPECT_TRUE(none.sources[0].lines.empty());
}

}  // namespace
}  // namespace gentle

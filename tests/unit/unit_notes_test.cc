#include "coverage/gcov/unit_notes.h"

#include <gtest/gtest.h>

#include <utility>

#include "cause_of_error.h"
#include "coverage/gcov/gcov_version.h"
#include "notes_bytes.h"

namespace gentle {
namespace {

UnitNotes read(const std::string& bytes) {
  return read_unit_notes(bytes, "a.gcno", [](const std::string&) { return false; });
}

std::string cause(const NotesBytes& notes) {
  return cause_of_error([&] { read(notes.bytes()); });
}

TEST(UnitNotes, ReadsGraphsAndPlaces) {
  for (const std::uint32_t version : {kNotesOfGcc11, kNotesOfGcc12}) {
    const NotesBytes bytes = NotesBytes(version)
                                 .function(5, "first", 3, 4)
                                 .blocks(4)
                                 .arcs({0, 2, 4})
                                 .arcs({2, 3, 5, 1, 3})
                                 .lines(2, {3, 4})
                                 .lines(3, {4}, "./b.h")
                                 .function(6, "second", 9, 9, true)
                                 .blocks(2);
    const UnitNotes notes = read(bytes.bytes());
    EXPECT_EQ(notes.directory, "/build");
    EXPECT_EQ(notes.sources, (std::vector<std::string>{"a.c", "b.h"}));
    ASSERT_EQ(notes.functions.size(), 2U);
    const FunctionNotes& first = notes.functions[0];
    EXPECT_EQ(first.ident, 5U);
    EXPECT_EQ(first.name, "first");
    EXPECT_EQ(first.start_line, 3U);
    EXPECT_EQ(first.end_column, 9U);
    EXPECT_FALSE(first.is_artificial);
    EXPECT_TRUE(notes.functions[1].is_artificial);
    ASSERT_EQ(notes.arcs_of(first).size(), 3U);
    EXPECT_TRUE(notes.arcs_of(first)[0].is_fall_through());
    EXPECT_TRUE(notes.arcs_of(first)[1].is_on_tree());
    EXPECT_TRUE(notes.arcs_of(first)[2].is_fake());
    ASSERT_EQ(notes.places_of(first).size(), 2U);
    EXPECT_EQ(notes.lines_of(notes.places_of(first)[0])[1], 4U);
    EXPECT_EQ(notes.places_of(first)[1].source, 1U);
    EXPECT_TRUE(notes.arcs_of(notes.functions[1]).empty());
  }
}

TEST(UnitNotes, KeepsNoMemoryOfALargeObjectForASmallOne) {
  NotesBytes large;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    large.function(i, "large", 3, 4).blocks(4).arcs({0, 2, 4}).lines(2, {3, 4});
  }
  const auto exists = [](const std::string&) { return false; };
  UnitNotes notes = read_unit_notes(large.bytes(), "large.gcno", exists);
  EXPECT_GE(notes.functions.capacity(), 1000U);
  const NotesBytes small = NotesBytes().function(1, "small", 3, 4).blocks(2);
  notes = read_unit_notes(small.bytes(), "small.gcno", exists, std::move(notes));
  EXPECT_EQ(notes.functions.size(), 1U);
  EXPECT_LT(notes.functions.capacity(), 10U);
  EXPECT_LT(notes.arcs.capacity(), 100U);
  EXPECT_LT(notes.lines.capacity(), 100U);
}

TEST(UnitNotes, KnowsASourceByItsPlainName) {
  const NotesBytes bytes = NotesBytes()
                               .function(1, "f", 1, 1, false, "./a.c")
                               .blocks(2)
                               .function(2, "g", 2, 2)
                               .blocks(2);
  EXPECT_EQ(read(bytes.bytes()).sources, std::vector<std::string>{"a.c"});
}

TEST(UnitNotes, RefusesWhatContradictsItself) {
  const NotesBytes function = NotesBytes().function(1, "f", 1, 1);
  EXPECT_EQ(cause(function), kGcnoTruncated);
  NotesBytes notes = function;
  EXPECT_EQ(cause(notes.blocks(2).blocks(2)), "a function has its blocks twice");
  notes = function;
  EXPECT_EQ(cause(notes.blocks(3).arcs({3, 0, 0})), "it names block 3 of a function of 3");
  notes = function;
  EXPECT_EQ(cause(notes.blocks(3).arcs({0, 3, 0})), "it names block 3 of a function of 3");
  notes = function;
  EXPECT_EQ(cause(notes.blocks(9).arcs({0, 1, 0})), "a function has 9 blocks, but 1 arcs");
  notes = function;
  EXPECT_EQ(cause(notes.blocks(2).record(kGcnoLinesTag, words({0, 5, 0, 0}))),
            "it names a line of no source");
}

TEST(UnitNotes, RefusesACompilerThatItDoesNotKnow) {
  const std::string clang = words({kGcnoMagic, 0x3430382a, 7, 0, 0});
  EXPECT_EQ(
      cause_of_error([&] { read(clang); }),
      "it is of GCC 4.8, or Clang, which is unknown here; known are " + supported_gcov_versions());
}

// 2,000 arcs of a block with 2,000 places would be 4,000,000 branches.
TEST(UnitNotes, RefusesAFileThatWouldGrow) {
  std::string arcs = words({2});
  for (std::uint32_t i = 0; i < 2000; ++i) arcs += words({1, 0});
  std::string places = words({2, 0}) + NotesBytes().text("a.c") + words({1});
  for (std::uint32_t i = 0; i < 2000; ++i) places += words({0}) + NotesBytes().text("a");
  NotesBytes notes = NotesBytes().function(1, "f", 1, 1).blocks(3);
  notes.record(kGcnoArcsTag, arcs).record(kGcnoLinesTag, places + words({0, 0}));
  EXPECT_EQ(cause(notes), "its blocks have too many places and arcs");
}

}  // namespace
}  // namespace gentle

#include "coverage/combine/packed_function.h"

#include <gtest/gtest.h>

#include "cause_of_error.h"
#include "sample_run.h"

namespace gentle {
namespace {

const std::vector<std::string> kNames = {"src/a.c", ""};
const std::string& name_of(std::uint32_t source) { return kNames[source]; }

std::string packed(const UnitNotes& notes) {
  return pack_function(notes, notes.functions[0], name_of);
}

TEST(PackedFunction, IsShownIfAReportTellsALineOfIt) {
  const NotesBytes bytes = sample_notes();
  const UnitNotes notes = read_sample(bytes.bytes());
  EXPECT_TRUE(is_shown(notes, notes.functions[0], name_of));
  EXPECT_FALSE(is_shown(notes, notes.functions[1], name_of)) << "the compiler has made it";
  EXPECT_FALSE(is_shown(notes, notes.functions[2], name_of)) << "its source is hidden";
}

TEST(PackedFunction, ComesBack) {
  const NotesBytes bytes = sample_notes();
  const UnitNotes notes = read_sample(bytes.bytes());
  const std::string text = packed(notes);
  UnitUnpacker unpacker("a.gcno");
  const CounterNumbers numbers = unpacker.add(text);
  EXPECT_EQ(numbers.sums, 2U);
  EXPECT_EQ(numbers.decisions, 2U);
  unpacker.add(text);
  const UnitNotes back = unpacker.take();
  EXPECT_EQ(back.sources, (std::vector<std::string>{"src/a.c", "", ""}))
      << "hidden ones stay apart";
  const FunctionNotes& function = back.functions[0];
  EXPECT_EQ(function.name, "f");
  EXPECT_EQ(function.start_line, 5U);
  EXPECT_EQ(function.end_line, 9U);
  EXPECT_EQ(function.blocks, 6U);
  EXPECT_EQ(back.arcs_of(function).size(), notes.arcs_of(notes.functions[0]).size());
  EXPECT_EQ(back.places_of(function).size(), 4U);
}

TEST(PackedFunction, EachCutIsAnError) {
  const NotesBytes bytes = sample_notes();
  const std::string text = packed(read_sample(bytes.bytes()));
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_NE(cause_of_error([&] { UnitUnpacker("").add(text.substr(0, size)); }), "") << size;
  }
  EXPECT_EQ(cause_of_error([&] { UnitUnpacker("").add(text + "x"); }),
            "it is damaged: a function has bytes behind its end");
}

TEST(PackedFunction, NamesNothingThatIsNotThere) {
  const auto cause = [](const std::string& bytes) {
    return cause_of_error([&] { UnitUnpacker("").add(bytes); });
  };
  // Name, sources; source, lines and columns, blocks; arcs, decisions, places.
  const std::string head("\1f\1\1a", 5);
  const auto with = [&](std::string body) { return head + body; };
  EXPECT_EQ(cause(with(std::string("\1\5\1\5\1\2\0\0\0", 9))),
            "it is damaged: it names a source that is not there");
  EXPECT_EQ(cause(with(std::string("\0\5\1\5\1\3\0\0\0", 9))),
            "it is damaged: a function has more blocks than its arcs connect");
  EXPECT_EQ(cause(with(std::string("\0\5\1\5\1\2\1\0\2\0\0\0", 12))),
            "it is damaged: it names a block that is not there");
  EXPECT_EQ(cause(with(std::string("\0\5\1\5\1\2\0\0\1\0\0\1\0", 13))),
            "it is damaged: it names line 0");
  EXPECT_EQ(cause(with(std::string("\0\5\1\5\1\2\0\0\0", 9))), "");
}

}  // namespace
}  // namespace gentle

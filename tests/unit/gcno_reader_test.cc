#include "coverage/gcov/gcno_reader.h"

#include <gtest/gtest.h>

#include "cause_of_error.h"
#include "notes_bytes.h"

namespace gentle {
namespace {

std::size_t count_records(const std::string& bytes) {
  GcnoReader reader(bytes, "a.gcno");
  std::size_t count = 0;
  while (reader.next()) ++count;
  return count;
}

TEST(GcnoReader, ReadsRecordsOfBothUnitsOfLength) {
  for (const std::uint32_t version : {kNotesOfGcc11, kNotesOfGcc12}) {
    const NotesBytes notes = NotesBytes(version).function(1, "f", 3, 4).blocks(2);
    GcnoReader reader(notes.bytes(), "a.gcno");
    EXPECT_EQ(reader.directory(), "/build");
    EXPECT_EQ(reader.next()->tag, kGcnoFunctionTag);
    auto blocks = reader.next();
    ASSERT_TRUE(blocks);
    EXPECT_EQ(blocks->tag, kGcnoBlocksTag);
    EXPECT_EQ(reader.word(blocks->body), 2U);
    EXPECT_TRUE(blocks->body.at_end());
    EXPECT_EQ(cause_of_error([&] { reader.word(blocks->body); }), kGcnoTruncated);
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.has_end());
  }
}

TEST(GcnoReader, EndsAtTheZeroOfClang) {
  const std::string bytes = NotesBytes().blocks(2).bytes() + words({0, 0}) + "rest";
  GcnoReader reader(bytes, "a.gcno");
  EXPECT_TRUE(reader.next());
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.has_end());
  EXPECT_EQ(reader.rest(), "rest");
}

TEST(GcnoReader, FindsEveryTruncation) {
  const std::string whole = NotesBytes().function(1, "f", 3, 4).bytes();
  const std::size_t header = NotesBytes().bytes().size();
  for (std::size_t size = 12; size < whole.size(); ++size) {
    if (size == header) continue;  // a file without functions
    EXPECT_EQ(cause_of_error([&] { count_records(whole.substr(0, size)); }), kGcnoTruncated)
        << size;
  }
  EXPECT_EQ(cause_of_error([] { count_records(""); }), "it is empty");
  EXPECT_EQ(cause_of_error([] { count_records("a text, which is no .gcno"); }), "it is no .gcno");
}

TEST(GcnoReader, ReadsTheOtherByteOrder) {
  const std::string notes = words({kGcnoMagic, kNotesOfGcc11, 7, 0, 1, kGcnoBlocksTag, 1, 5}, true);
  GcnoReader reader(notes, "a.gcno");
  auto blocks = reader.next();
  ASSERT_TRUE(blocks);
  EXPECT_EQ(reader.word(blocks->body), 5U);
}

}  // namespace
}  // namespace gentle

#include "coverage/report/compiled_objects.h"

#include <gtest/gtest.h>

#include "cause_of_error.h"
#include "notes_bytes.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

class CompiledObjectsTest : public ScratchFolderTest {
 protected:
  CompiledObjectsTest() { spec_.source_dir = spec_.root = spec_.build_dir = root_; }

  // One object with a function of the ident 1.
  std::string write_notes(const std::string& name) const {
    write(name,
          NotesBytes().function(1, "f", 5, 5).blocks(2).arcs({0, 1, 4}).lines(1, {5}).bytes());
    return root_ + "/" + name;
  }

  CoverageSpec spec_;
};

// As libgcov never writes it, and other writers do: gcov reads it.
TEST_F(CompiledObjectsTest, DataNeedsNoRecordOfItsObject) {
  const std::string notes = write_notes("a.gcno");
  write("a.gcda", DataBytes().function(1).counters({1}).bytes());
  const CompiledObject object = read_object(notes, SourceNames(spec_));
  EXPECT_EQ(object.notes, notes);
  EXPECT_EQ(object.sources.at("a.c").last_line, 5U);
}

TEST_F(CompiledObjectsTest, DataKnowsWhichFunctionsWereCut) {
  const std::string notes = write_notes("a.gcno");
  write("a.gcda", DataBytes().function(1).counters({1}).function(2).counters({1}).bytes());
  EXPECT_EQ(cause_of_error([&] { read_object(notes, SourceNames(spec_)); }),
            "it lacks functions that were executed, as if it was cut");
  // The function of another object file: only its place in the list is written.
  write("a.gcda", DataBytes().function(1).counters({1}).record(0x01000000, "").bytes());
  EXPECT_EQ(cause_of_error([&] { read_object(notes, SourceNames(spec_)); }), "");
}

TEST_F(CompiledObjectsTest, DataMayHaveFunctionsInAnotherOrder) {
  NotesBytes notes;
  for (const std::uint32_t ident : {7U, 3U, 5U}) {
    notes.function(ident, "f", 5, 5).blocks(2).arcs({0, 1, 4}).lines(1, {5});
  }
  write("a.gcno", notes.bytes());
  const auto cause = [&](std::initializer_list<std::uint32_t> idents) {
    DataBytes data;
    for (const std::uint32_t ident : idents) data.function(ident).counters({1});
    write("a.gcda", data.bytes());
    return cause_of_error([&] { read_object(root_ + "/a.gcno", SourceNames(spec_)); });
  };
  EXPECT_EQ(cause({7, 3, 5}), "");
  EXPECT_EQ(cause({3, 5, 7, 3}), "");
  EXPECT_EQ(cause({7, 5}), "");
  const std::string lacks = "it lacks functions that were executed, as if it was cut";
  EXPECT_EQ(cause({7, 3, 5, 4}), lacks);
  EXPECT_EQ(cause({4, 7}), lacks);
}

TEST_F(CompiledObjectsTest, TheOrderIsThatOfTheFilesAndBadOnesAreSetAside) {
  ObjectFiles files;
  for (int i = 0; i < 50; ++i) {
    files.notes.push_back(write_notes(std::to_string(i) + ".gcno"));
    if (i % 10 == 7) write(std::to_string(i) + ".gcno", "no notes");
  }
  std::vector<std::string> warnings;
  const auto objects = read_objects(files, SourceNames(spec_), warnings);
  ASSERT_EQ(objects.size(), 45U);
  ASSERT_EQ(warnings.size(), 5U);
  EXPECT_NE(warnings[1].find("/17.gcno"), std::string::npos);
  ASSERT_EQ(files.notes.size(), objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) EXPECT_EQ(objects[i].notes, files.notes[i]);
}

}  // namespace
}  // namespace gentle

#include "coverage/merge/placeholders.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "scratch_folder.h"
#include "words.h"

namespace gentle {
namespace {

constexpr std::uint32_t kNotes = 0x67636e6f;
constexpr std::uint32_t kGcc12 = 0x4232322a;
constexpr std::uint32_t kGcc11 = 0x4231332a;

class PlaceholdersTest : public ScratchFolderTest {
 protected:
  ObjectFiles written(std::uint32_t version) const {
    write("a.gcno", words({kNotes, version, 7, 0}));
    ObjectFiles files;
    files.notes = {root_ + "/a.gcno"};
    write_placeholders(files);
    files.data = {data_};
    return files;
  }

  std::string data_ = root_ + "/a.gcda";
};

TEST_F(PlaceholdersTest, AreKnownByWhoeverMeetsThem) {
  for (const std::uint32_t version : {kGcc12, kGcc11}) {
    ObjectFiles files = written(version);
    EXPECT_TRUE(is_placeholder(data_));
    remove_placeholders(files);
    EXPECT_TRUE(files.data.empty());
    EXPECT_FALSE(file_exists(data_));
  }
}

TEST_F(PlaceholdersTest, AreNotWhatAProcessHasLeft) {
  ObjectFiles files = written(kGcc11);
  write_file(data_, "");  // one that was killed as it began to write
  EXPECT_FALSE(is_placeholder(data_));
  write_file(data_, words({0x67636461, kGcc12, 8, 0}));  // another compilation's header
  EXPECT_FALSE(is_placeholder(data_));
  remove_placeholders(files);
  EXPECT_EQ(files.data.size(), 1U);
  EXPECT_TRUE(file_exists(data_));
}

TEST_F(PlaceholdersTest, StandBesideNotesWithoutDataOnly) {
  write("a.gcda", "counts");
  written(kGcc12);
  EXPECT_EQ(read_file(data_), "counts");
  write("b.gcno", "no notes");
  write_placeholders({{root_ + "/b.gcno", root_ + "/none.gcno"}, {}, {}, {}});
  EXPECT_FALSE(file_exists(root_ + "/b.gcda"));
  EXPECT_FALSE(file_exists(root_ + "/none.gcda"));
}

}  // namespace
}  // namespace gentle

#include "coverage/image/file_notes.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

class FileNotesTest : public ScratchFolderTest {
 protected:
  // What another process finds.
  std::optional<std::string> found(const std::string& version, const std::string& what) const {
    return FileNotes(path_).find(version, what);
  }
  void add(const std::string& version, const std::string& what, const std::string& text) const {
    FileNotes(path_).add(version, what, text);
  }

  std::string path_ = root_ + "/notes";
};

TEST_F(FileNotesTest, AreKept) {
  EXPECT_EQ(found("1 2 ", "image"), std::nullopt);
  add("1 2 ", "image", "4 5 6");
  add("1 2 ", "let-go", "");
  EXPECT_EQ(found("1 2 ", "image"), "4 5 6");
  EXPECT_EQ(found("1 2 ", "let-go"), "");
  EXPECT_EQ(found("1 2 ", "4"), std::nullopt);
  EXPECT_EQ(found("1 2 ", "imag"), std::nullopt);
  EXPECT_EQ(found("11 2 ", "image"), std::nullopt) << "of another file";
  EXPECT_EQ(found("2 ", "image"), std::nullopt);
  EXPECT_EQ(read_file(path_), "1 2 image 4 5 6\n1 2 let-go \n");
}

TEST_F(FileNotesTest, AreFoundAtOnce) {
  FileNotes notes;
  notes.add("1 ", "image", "a");
  EXPECT_EQ(notes.find("1 ", "image"), "a");
  EXPECT_EQ(notes.find("2 ", "image"), std::nullopt);
}

// What is gone has no version.
TEST_F(FileNotesTest, NotOfNoFile) {
  add("", "image", "a");
  EXPECT_EQ(found("", "image"), std::nullopt);
  EXPECT_FALSE(file_exists(path_));
}

TEST_F(FileNotesTest, ALineThatIsNotWholeIsNone) {
  write_file(path_, "1 image 45");
  EXPECT_EQ(found("1 ", "image"), std::nullopt);
}

TEST_F(FileNotesTest, BeginAnewWhenTheyAreTooMany) {
  write_file(path_, std::string((1 << 17) + 1, '\n'));
  add("1 ", "image", "a");
  EXPECT_EQ(read_file(path_), "1 image a\n");
}

TEST_F(FileNotesTest, WithoutAPlaceForThem) {
  path_ = root_ + "/none/notes";
  add("1 ", "image", "a");
  EXPECT_EQ(found("1 ", "image"), std::nullopt);
  make_folders(path_, 0777);
  add("1 ", "image", "a");
  EXPECT_EQ(found("1 ", "image"), std::nullopt) << "it is a folder";
}

}  // namespace
}  // namespace gentle

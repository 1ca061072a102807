#include "os/folder_walk.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "base/error.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

class FolderWalkTest : public ScratchFolderTest {
 protected:
  std::set<std::string> files(const VisitEntry& also = [](const fs::path&, bool) { return true; }) {
    std::set<std::string> names;
    walk_folder(root_, [&](const fs::path& path, bool is_folder) {
      if (!is_folder) names.insert(path.string().substr(root_.size() + 1));
      return also(path, is_folder);
    });
    return names;
  }
};

TEST_F(FolderWalkTest, FindsAllFiles) {
  write("a", "text");
  write("one/b", "text");
  write("one/two/c", "text");
  EXPECT_EQ(files(), (std::set<std::string>{"a", "one/b", "one/two/c"}));
}

TEST_F(FolderWalkTest, StaysOutsideWhereItIsTold) {
  write("one/b", "text");
  write("other/c", "text");
  const auto found = files([](const fs::path& path, bool) { return path.filename() != "one"; });
  EXPECT_EQ(found, (std::set<std::string>{"other/c"}));
}

// Whichever is read first, the folder of the others is still found.
TEST_F(FolderWalkTest, GoesOnBehindAFolderThatHasGone) {
  for (const char* name : {"a", "b", "c", "d"}) write(std::string(name) + "/file", "text");
  std::string gone;
  const auto found = files([&](const fs::path& path, bool is_folder) {
    if (is_folder && gone.empty()) {
      gone = path.filename().string();
      fs::remove_all(path);
    }
    return true;
  });
  std::set<std::string> expected{"a/file", "b/file", "c/file", "d/file"};
  expected.erase(gone + "/file");
  EXPECT_EQ(found, expected);
}

TEST_F(FolderWalkTest, FollowsNoLinks) {
  write("one/b", "text");
  fs::create_directory_symlink(root_, root_ + "/one/up");
  fs::create_symlink("nowhere", root_ + "/dangling");
  EXPECT_EQ(files(), (std::set<std::string>{"dangling", "one/b"}));
}

TEST_F(FolderWalkTest, FindsNothingWhereNothingIs) {
  const VisitEntry never = [](const fs::path&, bool) -> bool {
    throw Error("visit", "it", "seen");
  };
  walk_folder(root_ + "/nowhere", never);
  write("file", "text");
  walk_folder(root_ + "/file", never);
}

TEST_F(FolderWalkTest, TellsOfWhatCannotBeRead) {
  EXPECT_THROW(walk_folder(std::string(5000, 'x'), [](const fs::path&, bool) { return true; }),
               Error);
}

}  // namespace
}  // namespace gentle

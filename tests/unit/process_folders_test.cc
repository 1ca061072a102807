#include "coverage/keep/process_folders.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.h"
#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

class ProcessFoldersTest : public ScratchFolderTest {
 protected:
  void write_data(int pid, const std::string& text = "counts") {
    write("run/" + std::to_string(pid) + "/objects/a.gcda", text);
  }

  ProcessFolders folders_{root_ + "/run"};
};

TEST_F(ProcessFoldersTest, TellsTheRuntimes) {
  Environment environment;
  environment.set("GCOV_PREFIX_STRIP", "3");
  folders_.add_environment(environment);
  EXPECT_EQ(environment.get("GCOV_PREFIX"), root_ + "/run/%p");
  EXPECT_EQ(environment.get("GCOV_PREFIX_STRIP"), "0");
  EXPECT_EQ(environment.get("LLVM_PROFILE_FILE"), root_ + "/run/%p/%m.profraw");
  EXPECT_EQ(folders_.folder_of(11), root_ + "/run/11");
  EXPECT_FALSE(file_exists(root_ + "/run")) << "not made before there is anything";
}

TEST_F(ProcessFoldersTest, MakesItsFolder) {
  folders_.make();
  EXPECT_TRUE(fs::is_directory(root_ + "/run"));
  folders_.make();
  write_file(root_ + "/file", "");
  EXPECT_NO_THROW(ProcessFolders(root_ + "/file/run").make()) << "the process may be able to";
}

TEST_F(ProcessFoldersTest, SetsAsideWhatAProgramHasWritten) {
  EXPECT_FALSE(folders_.set_aside(11));
  write_data(11, "first");
  write_data(12, "other");
  EXPECT_TRUE(folders_.set_aside(11));
  EXPECT_FALSE(folders_.has_files(11)) << "the next program of this pid begins with nothing";
  write_data(11, "second");
  EXPECT_TRUE(folders_.set_aside(11));
  EXPECT_EQ(entries_of(root_ + "/run"), (std::vector<std::string>{"11.1", "11.2", "12"}));
  EXPECT_EQ(read_file(root_ + "/run/11.1/objects/a.gcda"), "first");
  EXPECT_EQ(read_file(root_ + "/run/11.2/objects/a.gcda"), "second");
}

// Clang's runtime makes its folder at the start.
TEST_F(ProcessFoldersTest, AFolderWithoutAFileIsNothing) {
  make_folders(folders_.folder_of(11) + "/objects/more", 0777);
  EXPECT_FALSE(folders_.has_files(11));
  EXPECT_FALSE(folders_.set_aside(11));
  EXPECT_EQ(entries_of(root_ + "/run"), std::vector<std::string>{});
}

TEST_F(ProcessFoldersTest, WhatCannotBeRenamedStays) {
  write_data(11);
  make_folders(root_ + "/run/11.1/not empty", 0777);
  EXPECT_TRUE(folders_.set_aside(11)) << "it has written all the same";
  EXPECT_TRUE(folders_.has_files(11));
}

TEST_F(ProcessFoldersTest, TakesOverWhatWasWrittenInAnotherPidNamespace) {
  write_data(2);
  folders_.take_over(2, 11);
  EXPECT_TRUE(folders_.has_files(11));
  EXPECT_FALSE(file_exists(folders_.folder_of(2)));
  write_data(2);
  folders_.take_over(2, 11);
  EXPECT_TRUE(folders_.has_files(11));
  EXPECT_EQ(folders_.open_folders(), std::vector<int>{11}) << "the second one is set aside";
  folders_.take_over(11, 11);
  folders_.take_over(3, 12);
  EXPECT_EQ(folders_.open_folders(), std::vector<int>{11});
}

TEST_F(ProcessFoldersTest, ListsWhatIsOpen) {
  EXPECT_EQ(folders_.open_folders(), std::vector<int>{});
  for (const int pid : {11, 12, 13}) write_data(pid);
  folders_.set_aside(12);
  make_folders(root_ + "/run/strange", 0777);
  EXPECT_EQ(folders_.open_folders(), (std::vector<int>{11, 13}));
}

TEST_F(ProcessFoldersTest, Discards) {
  write_data(11);
  write_data(12);
  folders_.discard(11);
  folders_.discard(14);
  EXPECT_EQ(folders_.open_folders(), std::vector<int>{12});
}

}  // namespace
}  // namespace gentle

#include "os/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "scratch_folder.h"

namespace gentle {
namespace {

using Lines = std::vector<std::string>;

class FileTest : public ScratchFolderTest {};

TEST_F(FileTest, TheLastLines) {
  write_file(root_ + "/log", "one\r\ntwo\rthree\r\n");
  EXPECT_EQ(last_lines(root_ + "/log", 2), Lines({"two", "three"}));
}

TEST_F(FileTest, OnlyWhatIsEmptyIsRemoved) {
  for (const char* name : {"empty", "full", "theirs"}) write_file(root_ + "/" + name, "");
  write_file(root_ + "/full", "x");
  ASSERT_EQ(::symlink("theirs", (root_ + "/link").c_str()), 0);
  for (const char* name : {"empty", "full", "link", "none"}) {
    remove_if_empty(root_ + "/" + name, ::geteuid());
  }
  remove_if_empty(root_ + "/theirs", ::geteuid() + 1);
  EXPECT_EQ(entries_of(root_).size(), 3U) << "full, theirs and the link";
  EXPECT_FALSE(file_exists(root_ + "/empty"));
}

TEST_F(FileTest, OnlyOwnersRemoveWhatIsInAStickyFolder) {
  write("folder/file", "");
  const std::string folder = root_ + "/folder";
  const std::string file = folder + "/file";
  EXPECT_TRUE(can_remove(file));
  EXPECT_FALSE(can_remove(folder + "/none"));
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  ASSERT_EQ(::chmod(root_.c_str(), 0755), 0);
  const auto can_another_user = [&] {
    EXPECT_EQ(::seteuid(12345), 0);
    const bool can = can_remove(file);
    EXPECT_EQ(::seteuid(0), 0);
    return can;
  };
  ASSERT_EQ(::chmod(folder.c_str(), 0755), 0);
  EXPECT_FALSE(can_another_user());
  ASSERT_EQ(::chmod(folder.c_str(), 0777), 0);
  EXPECT_TRUE(can_another_user());
  ASSERT_EQ(::chmod(folder.c_str(), 01777), 0);
  EXPECT_FALSE(can_another_user());
  ASSERT_EQ(::chown(file.c_str(), 12345, 0), 0);
  EXPECT_TRUE(can_another_user());
}

TEST_F(FileTest, PublicFilesFollowTheUmask) {
  const auto mode = [](const std::string& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_mode & 0777U;
  };
  const std::string path = root_ + "/report";
  const mode_t before = ::umask(027);
  write_file_atomically(path, "own");
  EXPECT_EQ(mode(path), 0600U);
  write_public_file(path, "all");
  EXPECT_EQ(mode(path), 0640U);
  ::umask(0);
  write_public_file(path, "all of it");
  EXPECT_EQ(mode(path), 0666U);
  ::umask(before);
  EXPECT_EQ(read_file(path), "all of it");
}

TEST_F(FileTest, ATextThatComesInParts) {
  const std::string path = root_ + "/report";
  const auto write = [](PartedText& text) {
    for (std::size_t i = 0; i < 3 * PartedText::kPart; ++i) text.part() += "abc"[i % 3];
  };
  write_public_parts(path, write);
  EXPECT_EQ(read_file(path), whole_text(write));
  EXPECT_EQ(read_file(path).size(), 3 * PartedText::kPart);
  write_parts_atomically(path, [](PartedText& text) { text.part() += "short"; });
  EXPECT_EQ(read_file(path), "short");
}

TEST_F(FileTest, NothingIsLeftOfATextThatDoesNotEnd) {
  const std::string path = root_ + "/report";
  write_public_file(path, "before");
  const auto fail = [](PartedText& text) {
    text.part().assign(PartedText::kPart, 'x');
    text.part() += "y";
    throw Error("write", "report", "no space");
  };
  EXPECT_THROW(write_public_parts(path, fail), Error);
  EXPECT_EQ(read_file(path), "before");
  EXPECT_EQ(entries_of(root_), std::vector<std::string>{"report"});
}

TEST_F(FileTest, TwoProcessesMayWriteOneReportAtTheSameTime) {
  const std::string path = root_ + "/report";
  const std::string ours(2 * PartedText::kPart, 'x');
  write_public_parts(path, [&](PartedText& text) {
    text.part() += ours.substr(0, PartedText::kPart);
    const pid_t other = ::fork();
    if (other == 0) {
      write_public_file(path, "another");
      ::_exit(0);
    }
    ASSERT_EQ(::waitpid(other, nullptr, 0), other);
    EXPECT_EQ(read_file(path), "another");
    text.part() += ours.substr(PartedText::kPart);
  });
  EXPECT_EQ(read_file(path), ours);
  EXPECT_EQ(entries_of(root_), std::vector<std::string>{"report"});
}

TEST_F(FileTest, TheRestOfAReplacementCanBeDoneLater) {
  const std::string path = root_ + "/state";
  write_lasting_file(path, "old", Rest::kLater);
  EXPECT_EQ(entries_of(root_), std::vector<std::string>{"state"});  // nothing was replaced
  write_lasting_file(path, "new", Rest::kLater);
  EXPECT_EQ(read_file(path), "new");
  const std::vector<std::string> both = entries_of(root_);
  // Where files cannot be exchanged, there is nothing left to do.
  if (both.size() == 2) {
    EXPECT_EQ(read_file(root_ + "/" + both.back()), "old");
  }
  write_file_atomically(path, "newest", Rest::kLater);  // before the rest of the other was done
  EXPECT_EQ(read_file(path), "newest");
  begin_to_write(path);
  remove_replaced(path);
  EXPECT_EQ(read_file(path), "newest");
  EXPECT_EQ(entries_of(root_), std::vector<std::string>{"state"});
  remove_tree(path);
  begin_to_write(path);  // it may be gone meanwhile
  remove_replaced(path);
  EXPECT_EQ(entries_of(root_), std::vector<std::string>{});
}

TEST_F(FileTest, OneReadIsTheStartOfAFile) {
  char buffer[4];
  EXPECT_EQ(read_once(root_ + "/none", buffer, sizeof buffer), "");
  EXPECT_EQ(read_once(root_, buffer, sizeof buffer), "");
  write_file(root_ + "/long", "abcdef");
  EXPECT_EQ(read_once(root_ + "/long", buffer, sizeof buffer), "abcd");
}

TEST_F(FileTest, AFolderThatWasRenamed) {
  const std::string old = root_ + "/old";
  make_folders(old, 0700);
  const UniqueFd folder = open_own_folder(old);
  EXPECT_EQ(present_path(folder.get(), old), old);
  ASSERT_EQ(std::rename(old.c_str(), (root_ + "/new").c_str()), 0);
  EXPECT_EQ(present_path(folder.get(), old), root_ + "/new");
  make_folders(old, 0700);  // another one
  EXPECT_EQ(present_path(folder.get(), old), root_ + "/new");
  ASSERT_EQ(::symlink("new", (root_ + "/link").c_str()), 0);
  EXPECT_EQ(present_path(folder.get(), root_ + "/link"), root_ + "/link");
  EXPECT_TRUE(is_same_file(root_ + "/link", root_ + "/new"));
  EXPECT_FALSE(is_same_file(root_ + "/link", old));
  EXPECT_FALSE(is_same_file(root_ + "/none", root_ + "/none"));
}

}  // namespace
}  // namespace gentle

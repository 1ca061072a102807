// What the ends matrix (tests/ends) does not come to: damaged files, and memory that lies.
#include "coverage/keep/remains.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.h"
#include "coverage/gcov/gcda.h"
#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

Gcda data_of(std::int64_t count) {
  Gcda data;
  data.version = 0x4232322a;
  data.stamp = 7;
  data.runs = 1;
  data.kinds = {true, false, false};
  data.functions = {{true, 1, 2, 3, {1, 0, 0}}};
  data.counters = {count};
  return data;
}

class RemainsTest : public ScratchFolderTest {
 protected:
  // Of a program with one object.
  Remains counted(std::int64_t count, const std::string& path = "/o/a.gcda") const {
    GcovRemains image;
    image.is_program = true;
    image.counters.objects.push_back({path, data_of(count)});
    Remains remains;
    remains.instrumented = true;
    remains.gcov.push_back(image);
    return remains;
  }

  std::int64_t count(const std::string& path = "/o/a.gcda") const {
    return parse_gcda(read_file(folder_ + path), path).counters.at(0);
  }

  void put(const std::string& bytes, const std::string& name = "/o/a.gcda") const {
    write("11" + name, bytes);
  }

  void write_out(const Remains& remains) const {
    RescueBudget budget(Clock::now(), RescueBudget::kTime, RescueBudget::kMemory);
    write_remains(remains, folder_, folder_ + "/go", budget);
  }

  std::string folder_ = root_ + "/11";
};

TEST_F(RemainsTest, None) {
  EXPECT_TRUE(Remains{}.none());
  EXPECT_FALSE(counted(1).none());
  write_out({});
  EXPECT_FALSE(file_exists(folder_));
}

TEST_F(RemainsTest, AFifoInTheirPlaceIsReplaced) {
  make_folders(folder_ + "/o", 0700);
  ASSERT_EQ(::mkfifo((folder_ + "/o/a.gcda").c_str(), 0600), 0);
  write_out(counted(5));
  EXPECT_EQ(count(), 5);
}

TEST_F(RemainsTest, NoLinkLeadsOutOfTheFolder) {
  make_folders(root_ + "/theirs", 0700);
  make_folders(folder_, 0700);
  ASSERT_EQ(::symlink((root_ + "/theirs").c_str(), (folder_ + "/o").c_str()), 0);
  EXPECT_THROW(write_out(counted(5)), Error);
  EXPECT_FALSE(file_exists(root_ + "/theirs/a.gcda"));
}

TEST_F(RemainsTest, NoLinkIsTheFolderOfARunOrOfAProcess) {
  make_folders(root_ + "/theirs", 0700);
  ASSERT_EQ(::symlink((root_ + "/theirs").c_str(), folder_.c_str()), 0);
  EXPECT_THROW(write_out(counted(5)), Error);
  ASSERT_EQ(::symlink((root_ + "/theirs").c_str(), (root_ + "/run").c_str()), 0);
  folder_ = root_ + "/run/11";
  EXPECT_THROW(write_out(counted(5)), Error);
  EXPECT_EQ(entries_of(root_ + "/theirs"), std::vector<std::string>());
}

TEST_F(RemainsTest, TheFolderOfAnotherUserIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "nobody else's folder can be made";
  make_folders(folder_ + "/o", 0777);
  for (const std::string& theirs : {folder_ + "/o", folder_, root_}) {
    ASSERT_EQ(::chown(theirs.c_str(), 12345, 12345), 0);
    try {
      write_out(counted(5));
      ADD_FAILURE() << theirs;
    } catch (const Error& error) {
      EXPECT_NE(error.cause().find("it belongs to user id 12345"), std::string::npos);
    }
    ASSERT_EQ(::chown(theirs.c_str(), 0, 0), 0);
  }
  write_out(counted(5));
  EXPECT_EQ(count(), 5);
}

// Also those above it, up to what was there.
TEST_F(RemainsTest, AreTheUsersAloneWhateverTheUmask) {
  for (const mode_t mask : {0000U, 0022U, 0777U}) {
    folder_ = root_ + "/run" + std::to_string(mask) + "/11";
    const mode_t before = ::umask(mask);
    write_out(counted(5));
    ::umask(before);
    for (const std::string& folder :
         {folder_.substr(0, folder_.rfind('/')), folder_, folder_ + "/o"}) {
      struct stat info {};
      ASSERT_EQ(::stat(folder.c_str(), &info), 0);
      EXPECT_EQ(info.st_mode & 07777U, 0700U) << folder;
    }
    struct stat info {};
    ASSERT_EQ(::stat((folder_ + "/o/a.gcda").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777U, 0600U);
    EXPECT_EQ(count(), 5);
  }
}

TEST_F(RemainsTest, TakeNoLongerToWriteThanTheyMay) {
  RescueBudget budget(Clock::now() - std::chrono::seconds(11), RescueBudget::kTime, 1 << 20);
  EXPECT_THROW(write_remains(counted(5), folder_, folder_ + "/go", budget), OverBudget);
}

// They stand where Go's runtime writes, which reads what is there by its names.
TEST_F(RemainsTest, OfGoStandInTheFolderOfAllItsProcesses) {
  Remains remains;
  remains.instrumented = true;
  remains.go.push_back({false, "covmeta.x", "meta", "covcounters.x.1.2", "counts", ""});
  EXPECT_FALSE(remains.none());
  EXPECT_FALSE(remains.were_written());
  write_out(remains);
  EXPECT_EQ(read_file(folder_ + "/go/covmeta.x"), "meta");
  EXPECT_EQ(read_file(folder_ + "/go/covcounters.x.1.2"), "counts");
  remains.go.front() = {
      true, "covmeta.x", "", "covcounters.x.1.3", "more counts", folder_ + "/go/covcounters.x.1.2"};
  EXPECT_TRUE(remains.were_written());
  write_out(remains);
  EXPECT_EQ(entries_of(folder_ + "/go"),
            (std::vector<std::string>{"covcounters.x.1.3", "covmeta.x"}));
  remains.go.front() = {};
  EXPECT_TRUE(remains.none());
}

TEST_F(RemainsTest, OfGoAreWrittenThroughNoLink) {
  make_folders(folder_ + "/go", 0700);
  write("theirs", "kept");
  ASSERT_EQ(::symlink((root_ + "/theirs").c_str(), (folder_ + "/go/covmeta.x").c_str()), 0);
  Remains remains;
  remains.go.push_back({false, "covmeta.x", "meta", "", "", ""});
  write_out(remains);
  EXPECT_EQ(read_file(root_ + "/theirs"), "kept");
  EXPECT_EQ(read_file(folder_ + "/go/covmeta.x"), "meta");
}

TEST_F(RemainsTest, AFileThatIsALinkIsReplaced) {
  write("theirs", "kept");
  make_folders(folder_ + "/o", 0700);
  ASSERT_EQ(::symlink((root_ + "/theirs").c_str(), (folder_ + "/o/a.gcda").c_str()), 0);
  write_out(counted(5));
  EXPECT_EQ(read_file(root_ + "/theirs"), "kept");
  EXPECT_EQ(count(), 5);
}

TEST_F(RemainsTest, BecomeTheFilesOfTheRuntime) {
  write_out(counted(5));
  EXPECT_EQ(count(), 5);
}

TEST_F(RemainsTest, ReplaceWhatItWasKilledIn) {
  for (const std::string& bytes : {std::string(), serialize(data_of(3)).substr(0, 20)}) {
    put(bytes);
    write_out(counted(5));
    EXPECT_EQ(count(), 5);
  }
}

// libgcov writes the sum of the file and the memory: a file that is whole and not larger anywhere
// was written from this memory.
TEST_F(RemainsTest, DoNotCountTwiceWhatWasBeingWritten) {
  Remains remains = counted(5);
  remains.gcov[0].is_dumping = true;
  put(serialize(data_of(5)));
  write_out(remains);
  EXPECT_EQ(count(), 5);
  put(serialize(data_of(9)));
  write_out(remains);
  EXPECT_EQ(count(), 14) << "of before, as of a dump in the middle of the run";
}

TEST_F(RemainsTest, AddToWhatWasWrittenBefore) {
  put(serialize(data_of(3)));
  Remains remains = counted(5);
  write_out(remains);
  EXPECT_EQ(count(), 5) << "nothing of it is from before";
  put(serialize(data_of(3)));
  remains.gcov[0].counters.state.run_counted = true;
  write_out(remains);
  EXPECT_EQ(count(), 8);
  put(serialize(data_of(3)));
  remains.gcov[0].counters.state.run_counted = false;
  remains.gcov[0].is_program = false;
  write_out(remains);
  EXPECT_EQ(count(), 8) << "of a library that was unloaded before";
}

TEST_F(RemainsTest, TheSameObjectInAProgramAndItsLibrary) {
  Remains remains = counted(5);
  remains.gcov.push_back(counted(7).gcov[0]);
  write_out(remains);
  EXPECT_EQ(count(), 12);
}

// The path is the process's own word.
TEST_F(RemainsTest, StayInTheirFolder) {
  write_out(counted(5, "/../../../../escaped.gcda"));
  EXPECT_EQ(count("/escaped.gcda"), 5);
  write_out(counted(6, "relative/../../a.gcda"));
  EXPECT_EQ(count("/a.gcda"), 6);
  EXPECT_EQ(entries_of(root_), std::vector<std::string>{"11"});
}

TEST_F(RemainsTest, OfClangReplaceParts) {
  put("", "/1_0.profraw");
  put("part", "/2_0.profraw");
  put("other", "/notes.txt");
  Remains remains;
  remains.llvm.push_back({"first", {folder_ + "/1_0.profraw"}});
  remains.llvm.push_back({"second", {}});
  write_out(remains);
  EXPECT_EQ(entries_of(folder_),
            (std::vector<std::string>{"notes.txt", "rescued-1.profraw", "rescued-2.profraw"}));
  EXPECT_EQ(read_file(folder_ + "/rescued-2.profraw"), "second");
}

TEST_F(RemainsTest, ThatCannotBeWritten) {
  write_file(folder_, "in the way");
  EXPECT_THROW(write_out(counted(5)), Error);
}

TEST_F(RemainsTest, OfAProcessThatIsGone) {
  FileNotes notes;
  ImageCache cache(notes);
  RescueBudget budget(Clock::now(), RescueBudget::kTime, RescueBudget::kMemory);
  const Remains remains = read_remains(1 << 30, {folder_, folder_}, {}, nullptr, cache, budget);
  EXPECT_TRUE(remains.none());
  EXPECT_FALSE(remains.instrumented);
}

}  // namespace
}  // namespace gentle

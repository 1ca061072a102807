#include "coverage/merge/merged_data.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <initializer_list>

#include "base/error.h"
#include "coverage/gcov/gcda.h"
#include "coverage/llvm/llvm_profile.h"
#include "coverage/merge/object_files.h"
#include "os/file.h"
#include "os/process.h"
#include "scratch_folder.h"
#include "words.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kGcc12 = 0x4232322a;
constexpr std::uint32_t kGcc14 = 0x4234322a;
constexpr std::uint32_t kClang = 0x3430382a;
constexpr std::uint32_t kStamp = 7;

std::string notes(std::uint32_t version = kGcc12) {
  return words({0x67636e6f, version, kStamp, 99});
}

// One function with one counter.
std::string counted(std::uint32_t count, std::uint32_t version = kGcc12,
                    std::uint32_t stamp = kStamp) {
  return words({0x67636461, version, stamp, 99, 0xa1000000, 8, 1, count, 0x01000000, 12, 1, 2, 3,
                0x01a10000, 8, count, 0, 0});
}

std::string counted_by_clang(std::uint32_t count) {
  return words({0x67636461, kClang, kStamp, 0x01000000, 3, 1, 2, 3, 0x01a10000,
                2,          count,  0,      0xa1000000, 9, 0, 0, 1, 0,
                0,          0,      0,      0,          0, 0, 0});
}

class MergedDataTest : public ScratchFolderTest {
 protected:
  void SetUp() override {
    make_folders(root_ + "/objects", 0777);
    write_file(notes_of(target_), notes());
  }

  std::string target_of(const std::string& unit) const {
    return root_ + "/objects/" + unit + ".gcda";
  }

  // Where a process of an ended run has its file for the target.
  std::string own(const std::string& process, const std::string& target) const {
    const std::string path = ended_ + "/" + process + target;
    make_folders(path.substr(0, path.rfind('/')), 0777);
    return path;
  }

  std::vector<std::string> merge() { return merge_process_folders(data_).warnings; }

  // What the target holds by now.
  std::int64_t count() const { return parse_gcda(read_file(target_), "target").counters.at(0); }

  std::string warning(const std::string& path, const std::string& cause,
                      const std::string& name = "") const {
    return "gentle: warning: count data '" + path + "': " + cause + "; set aside as " +
           (name.empty() ? target_ : name) + ".set-aside, continuing";
  }

  // One bad file among good ones.
  void expect_set_aside(const std::string& bad, const std::string& cause) {
    write_file(own("11.1", target_), counted(2));
    write_file(own("13.1", target_), counted(3));
    EXPECT_EQ(merge(), std::vector<std::string>{warning(bad, cause)});
    EXPECT_EQ(count(), 5);
    EXPECT_FALSE(fs::exists(fs::symlink_status(bad)) && bad != target_);
    EXPECT_TRUE(fs::exists(fs::symlink_status(target_ + kSetAside)));
    EXPECT_EQ(merge(), std::vector<std::string>{}) << "named once";
    EXPECT_EQ(count(), 5);
  }

  std::string data_ = root_ + "/data";
  // Such a process has never been: 1 began at another time.
  std::string ended_ = data_ + "/services/api/1-1";
  std::string target_ = target_of("a");
};

const std::string kKilled =
    "it is truncated, its process was killed while writing it, or could not write it all";
const std::string kOther = "it does not belong to the object file of that name";

TEST_F(MergedDataTest, Add) {
  EXPECT_EQ(merge(), std::vector<std::string>{}) << "there is no such folder yet";
  write_file(own("11.1", target_), counted(2));
  write_file(own("11.2", target_), counted(3));
  write_file(own("12", target_), counted(4));
  write_file(target_, counted(10));
  EXPECT_EQ(merge(), std::vector<std::string>{});
  EXPECT_EQ(count(), 19);
  EXPECT_EQ(merge(), std::vector<std::string>{});
  EXPECT_EQ(count(), 19) << "once";
}

TEST_F(MergedDataTest, AddOfTestsToo) {
  write("data/tests/1-1/5.1" + target_, counted(2));
  write_file(own("11.1", target_), counted(3));
  EXPECT_EQ(merge(), std::vector<std::string>{});
  EXPECT_EQ(count(), 5);
}

TEST_F(MergedDataTest, AddOfClang) {
  write_file(notes_of(target_), notes(kClang));
  write_file(own("11.1", target_), counted_by_clang(2));
  write_file(own("12.1", target_), counted_by_clang(3));
  EXPECT_EQ(merge(), std::vector<std::string>{});
  EXPECT_EQ(read_file(target_).substr(0, 44), counted_by_clang(5).substr(0, 44));
}

TEST_F(MergedDataTest, WhatRunsStillStays) {
  const ProcessId self = identify(::getpid());
  ended_ =
      data_ + "/services/api/" + std::to_string(self.pid) + "-" + std::to_string(self.start_time);
  const std::string running = own("11", target_);
  write_file(running, counted(2));
  write_file(own("12.1", target_), counted(3));
  EXPECT_EQ(merge(), std::vector<std::string>{});
  EXPECT_EQ(count(), 3);
  EXPECT_TRUE(file_exists(running));
  remove_process_folders(data_);
  EXPECT_TRUE(file_exists(running));
  EXPECT_FALSE(file_exists(ended_ + "/12.1"));
}

TEST_F(MergedDataTest, RemoveWhatHasEnded) {
  write_file(own("11.1", target_), counted(2));
  remove_process_folders(data_);
  EXPECT_FALSE(file_exists(ended_));
  EXPECT_EQ(merge(), std::vector<std::string>{});
  EXPECT_FALSE(file_exists(target_));
}

TEST_F(MergedDataTest, Truncated) {
  const std::string bad = own("12.1", target_);
  write_file(bad, counted(1).substr(0, 50));
  expect_set_aside(bad, kKilled);
}

TEST_F(MergedDataTest, Empty) {
  const std::string bad = own("12.1", target_);
  write_file(bad, "");
  expect_set_aside(bad, kKilled);
}

TEST_F(MergedDataTest, Garbage) {
  const std::string bad = own("12.1", target_);
  write_file(bad, "no counters");
  expect_set_aside(bad, kOther);
}

TEST_F(MergedDataTest, OfAnotherCompilation) {
  const std::string bad = own("12.1", target_);
  write_file(bad, counted(1, kGcc12, kStamp + 1));
  expect_set_aside(bad, kOther);
}

TEST_F(MergedDataTest, OfAnotherCompiler) {
  for (const std::string& bytes : {counted(1, kGcc14), counted_by_clang(1)}) {
    remove_tree(target_);
    const std::string bad = own("12.1", target_);
    write_file(bad, bytes);
    expect_set_aside(bad, kOther);
  }
}

// Whole records, of the right compilation, and other functions all the same.
TEST_F(MergedDataTest, OfOtherFunctions) {
  const std::string bad = own("12.1", target_);
  std::string bytes = counted(1);
  bytes.replace(10 * 4, 4, words({77}));
  write_file(bad, bytes);
  write_file(own("11.1", target_), counted(2));
  const std::vector<std::string> told = merge();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(told[0].starts_with("gentle: warning: count data '" + bad + "': ")) << told[0];
  EXPECT_EQ(count(), 2);
}

TEST_F(MergedDataTest, DamagedBesideTheNotes) {
  write_file(target_, counted(1).substr(0, 50));
  expect_set_aside(target_, kKilled);
}

TEST_F(MergedDataTest, EmptyBesideTheNotes) {
  write_file(target_, "");
  expect_set_aside(target_, kKilled);
}

TEST_F(MergedDataTest, AFolderBesideTheNotes) {
  make_folders(target_, 0777);
  expect_set_aside(target_, "it is a folder");
}

TEST_F(MergedDataTest, ALinkToNothing) {
  fs::create_symlink("nowhere", target_);
  expect_set_aside(target_, "it is a link to nothing");
  remove_tree(target_);
  const std::string bad = own("12.1", target_);
  fs::create_symlink("nowhere", bad);
  expect_set_aside(bad, "it is a link to nothing");
}

// Nobody knows how counts of a compiler are added up that is newer than this program.
TEST_F(MergedDataTest, OfAnUnknownGccOneProcessCounts) {
  constexpr std::uint32_t kGcc30 = 0x4430312a;
  write_file(notes_of(target_), notes(kGcc30));
  write_file(own("11.1", target_), counted(2, kGcc30));
  EXPECT_EQ(merge(), std::vector<std::string>{});
  EXPECT_EQ(read_file(target_), counted(2, kGcc30));
  const std::string second = own("12.1", target_);
  write_file(second, counted(3, kGcc30));
  EXPECT_EQ(merge(), std::vector<std::string>{warning(
                         second,
                         "it is one of several processes, and the counts of GCC 30.1 cannot be "
                         "added up here; known are GCC 11 to 16")});
  EXPECT_EQ(read_file(target_), counted(2, kGcc30));
}

// To open one would wait for ever.
TEST_F(MergedDataTest, AFifo) {
  ASSERT_EQ(::mkfifo(target_.c_str(), 0666), 0);
  expect_set_aside(target_, "it is no regular file");
  remove_tree(target_);
  const std::string bad = own("12.1", target_);
  ASSERT_EQ(::mkfifo(bad.c_str(), 0666), 0);
  expect_set_aside(bad, "it is no regular file");
}

TEST_F(MergedDataTest, Unreadable) {
  const std::string bad = own("12.1", target_);
  write_file(bad, counted(1));
  if (::geteuid() == 0) GTEST_SKIP() << "root can read all files";
  ASSERT_EQ(::chmod(bad.c_str(), 0), 0);
  expect_set_aside(bad, "Permission denied");
}

TEST_F(MergedDataTest, NoNotes) {
  const std::string other = target_of("of_another_build");
  const std::string bad = own("12.1", other);
  const std::string cause = "there is no .gcno for it, as of another build";
  write_file(own("11.1", target_), counted(2));
  for (const auto& put : std::initializer_list<void (*)(const std::string&)>{
           [](const std::string&) {},                                          // none
           [](const std::string& path) { write_file(path, "no notes"); },      // of something else
           [](const std::string& path) { fs::create_symlink("none", path); },  // gone
           [](const std::string& path) { make_folders(path, 0777); }}) {
    remove_tree(notes_of(other));
    put(notes_of(other));
    write_file(bad, counted(1));
    EXPECT_EQ(merge(), std::vector<std::string>{warning(bad, cause, bad)});
    EXPECT_EQ(count(), 2);
    EXPECT_TRUE(file_exists(bad + kSetAside));
  }
}

// A program of another build may have thousands of them.
TEST_F(MergedDataTest, ManyWithoutNotesAreOneWarning) {
  write_file(own("11.1", target_), counted(2));
  for (int i = 0; i < 50; ++i) {
    const std::string other = "/other/build/" + std::to_string(i) + ".gcda";
    write_file(own("12.1", other), counted(1));
  }
  const MergedData merged = merge_process_folders(data_);
  EXPECT_EQ(merged.warnings,
            std::vector<std::string>{
                "gentle: warning: count data of object files in '/other/build': there is no .gcno "
                "for 50 .gcda files, as of another build; set aside as *.gcda.set-aside, "
                "continuing"});
  EXPECT_EQ(merged.uncounted, std::vector<std::string>{"/other/build"}) << "nothing of process 12";
  EXPECT_EQ(merged.objects, std::vector<std::string>{notes_of(target_)});
  EXPECT_EQ(merged.processes, std::vector<std::vector<std::string>>{{notes_of(target_)}});
}

TEST_F(MergedDataTest, AProcessThatCountedElsewhereTooIsNotUncounted) {
  write_file(own("11.1", target_), counted(2));
  write_file(own("11.1", "/other/build/a.gcda"), counted(1));
  EXPECT_TRUE(merge_process_folders(data_).uncounted.empty());
}

TEST_F(MergedDataTest, AProcessOfAnotherCompilationIsUncounted) {
  write_file(own("11.1", target_), counted(2, kGcc12, kStamp + 1));
  EXPECT_EQ(merge_process_folders(data_).uncounted, std::vector<std::string>{root_ + "/objects"});
}

TEST_F(MergedDataTest, ObjectsThatWereMovedAreFoundByNameAndStamp) {
  write("moved/1/b.gcno", words({0x67636e6f, kGcc12, kStamp + 1, 99}));
  write("moved/2/b.gcno", notes());
  write_file(own("11.1", "/gone/b.gcda"), counted(2));
  KnownObjects known;
  known.files.others = {root_ + "/moved/1/b.gcno", root_ + "/moved/2/b.gcno"};
  const MergedData merged = merge_process_folders(data_, known);
  EXPECT_EQ(merged.warnings, std::vector<std::string>{});
  target_ = root_ + "/moved/2/b.gcda";
  EXPECT_EQ(merged.objects, std::vector<std::string>{notes_of(target_)});
  EXPECT_EQ(count(), 2);
}

// No reset could remove what is beside an object that nobody knew.
TEST_F(MergedDataTest, CountsBeforeTheResetAreOfAnEarlierRun) {
  KnownObjects known;
  known.reset = fs::file_time_type::clock::now();
  const auto merge_with = [&](std::chrono::seconds age) {
    write_file(target_, counted(10));
    fs::last_write_time(target_, *known.reset - age);
    write_file(own("11.1", target_), counted(2));
    EXPECT_TRUE(merge_process_folders(data_, known).warnings.empty());
    return count();
  };
  EXPECT_EQ(merge_with(std::chrono::seconds(5)), 2);
  EXPECT_EQ(merge_with(std::chrono::seconds(-5)), 12) << "written since, by who has no own folder";
  known.files.notes = {notes_of(target_)};
  EXPECT_EQ(merge_with(std::chrono::seconds(5)), 12) << "the reset has looked after it";
}

TEST_F(MergedDataTest, AFolderThatCannotBeWrittenIsNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root can write all files";
  const std::string source = own("11.1", target_);
  write_file(source, counted(2));
  ASSERT_EQ(::chmod((root_ + "/objects").c_str(), 0555), 0);
  try {
    merge();
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("hint: counts are added up beside the object files"),
              std::string::npos)
        << error.message();
  }
  EXPECT_EQ(::chmod((root_ + "/objects").c_str(), 0755), 0);
  EXPECT_TRUE(file_exists(source)) << "nothing is lost";
}

// A build may lie in a folder with such a name.
TEST_F(MergedDataTest, AFolderOnTheWay) {
  make_folders(root_ + "/objects/b.gcda", 0777);
  target_ = root_ + "/objects/b.gcda/a.gcda";
  write_file(notes_of(target_), notes());
  write_file(own("11.1", target_), counted(2));
  EXPECT_EQ(merge(), std::vector<std::string>{});
  EXPECT_EQ(count(), 2);
}

TEST_F(MergedDataTest, OneThatIsBadDoesNotStopTheOthers) {
  for (int i = 0; i < 50; ++i) {
    const std::string target = target_of(std::to_string(i));
    write_file(notes_of(target), notes());
    write_file(own("11.1", target), i % 2 == 0 ? counted(2) : "bad");
  }
  EXPECT_EQ(merge().size(), 25U);
  for (int i = 0; i < 50; i += 2) {
    target_ = target_of(std::to_string(i));
    EXPECT_EQ(count(), 2);
  }
}

TEST_F(MergedDataTest, Profiles) {
  LlvmRawProfile profile;
  profile.version = 8;
  const std::string whole = serialize(profile);
  const std::string good = own("11.1", "/1_0.profraw");
  const std::string empty = own("12.1", "/1_0.profraw");
  const std::string cut = own("13.1", "/1_0.profraw");
  const std::string gone = own("14.1", "/1_0.profraw");
  write_file(good, whole);
  write_file(empty, "");
  write_file(cut, whole.substr(0, whole.size() - 8));
  fs::create_symlink("nowhere", gone);
  MergedData merged = merge_process_folders(data_);
  EXPECT_EQ(merged.profiles, std::vector<std::string>{good});
  std::sort(merged.warnings.begin(), merged.warnings.end());
  EXPECT_EQ(merged.warnings,
            (std::vector<std::string>{warning(empty, "it is empty", empty),
                                      warning(cut, "it is truncated", cut),
                                      warning(gone, "it is a link to nothing", gone)}));
  merged = merge_process_folders(data_);
  EXPECT_EQ(merged.warnings, std::vector<std::string>{}) << "named once";
  EXPECT_EQ(merged.profiles, std::vector<std::string>{good});
}

// Of which only llvm-profdata can tell whether they are whole.
TEST_F(MergedDataTest, ProfilesOfAnotherVersion) {
  const std::string later = own("11.1", "/1_0.profraw");
  const std::string of_32_bits = own("12.1", "/1_0.profraw");
  write_file(later, std::string("\x81rforpl\xff\x0c", 9) + std::string(99, '\0'));
  write_file(of_32_bits, std::string("\x81Rforpl\xff\x08", 9) + std::string(99, '\0'));
  const MergedData merged = merge_process_folders(data_);
  EXPECT_EQ(merged.profiles, (std::vector<std::string>{later, of_32_bits}));
  EXPECT_EQ(merged.warnings, std::vector<std::string>{});
}

}  // namespace
}  // namespace gentle

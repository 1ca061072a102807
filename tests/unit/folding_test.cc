#include "coverage/fold/folding.h"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>

#include "base/deadline.h"
#include "coverage/fold/background_fold.h"
#include "coverage/fold/data_folders.h"
#include "coverage/gcov/gcda.h"
#include "coverage/merge/merged_data.h"
#include "coverage/merge/object_files.h"
#include "os/file.h"
#include "os/process.h"
#include "scratch_folder.h"
#include "words.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kGcc12 = 0x4232322a;
constexpr std::uint32_t kStamp = 7;

// One function with one counter.
std::string counted(std::uint32_t count, std::uint32_t stamp = kStamp) {
  return words({0x67636461, kGcc12, stamp, 99, 0xa1000000, 8, 1, count, 0x01000000, 12, 1, 2, 3,
                0x01a10000, 8, count, 0, 0});
}

class FoldingTest : public ScratchFolderTest {
 protected:
  void SetUp() override { make_folders(data_, 0700); }

  // Where a process has its file for an object.
  std::string own(const std::string& process, const std::string& object,
                  const std::string& run = "1-1") {
    const std::string path =
        data_ + "/services/api/" + run + "/" + process + root_ + "/" + object + ".gcda";
    make_folders(path.substr(0, path.rfind('/')), 0700);
    return path;
  }

  std::string sum(const std::string& object, int number = 1) const {
    return data_ + "/sums/" + std::to_string(number) + root_ + "/" + object + ".gcda";
  }

  static std::int64_t count_in(const std::string& path) {
    return parse_gcda(read_file(path), path).counters.at(0);
  }

  void fold_all() {
    const DataLock lock(data_, DataLock::Wait::kYes);
    ASSERT_TRUE(lock.held());
    finish_folding(data_);
    fold(data_, folders_to_fold(data_), never_);
  }

  std::vector<std::string> names_of_processes() const {
    std::vector<std::string> all;
    for (const ProcessData& process : processes_in_sums(data_)) {
      std::string& names = all.emplace_back();
      for (const auto& file : process.files) {
        names += file.name.substr(root_.size() + 1) + " ";
      }
    }
    return all;
  }

  const std::atomic<bool> never_ = false;
  std::string data_ = root_ + "/data";
};

TEST_F(FoldingTest, AddsUpAndLeavesNothing) {
  write_file(own("11.1", "a"), counted(2));
  write_file(own("11.1", "b"), counted(3));
  write_file(own("12.1", "a"), counted(5));
  fold_all();
  EXPECT_EQ(count_in(sum("a")), 7);
  EXPECT_EQ(count_in(sum("b")), 3);
  EXPECT_FALSE(file_exists(data_ + "/services/api/1-1"));
  write_file(own("13.1", "a"), counted(100));
  fold_all();
  EXPECT_EQ(count_in(sum("a")), 107);
  EXPECT_EQ(count_in(sum("b")), 3);
  EXPECT_EQ(names_of_processes(), (std::vector<std::string>{"a.gcda ", "a.gcda b.gcda "}));
  EXPECT_FALSE(file_exists(data_ + "/apart"));
  EXPECT_FALSE(file_exists(transaction_log(data_)));
}

TEST_F(FoldingTest, TheReportCountsSumsAndWhatIsNotInThem) {
  const std::string target = root_ + "/a.gcda";
  write_file(notes_of(target), words({0x67636e6f, kGcc12, kStamp, 99}));
  write_file(target, counted(1000));
  write_file(own("11.1", "a"), counted(2));
  write_file(own("12.1", "a"), counted(5));
  fold_all();
  write_file(own("13.1", "a"), counted(100));
  const MergedData merged = merge_process_folders(data_);
  EXPECT_TRUE(merged.warnings.empty());
  EXPECT_EQ(count_in(target), 1107);
  EXPECT_EQ(merged.objects, std::vector{notes_of(target)});
  EXPECT_TRUE(entries_of(data_).empty()) << "nothing empty is left";
  merge_process_folders(data_);
  EXPECT_EQ(count_in(target), 1107) << "once";
}

TEST_F(FoldingTest, AnObjectThatIsCompiledAgainHasAnotherSum) {
  write_file(own("11.1", "a"), counted(2));
  write_file(own("12.1", "a"), counted(3, kStamp + 1));
  write_file(own("13.1", "a"), counted(5));
  fold_all();
  write_file(own("14.1", "a"), counted(7, kStamp + 1));
  fold_all();
  EXPECT_EQ(count_in(sum("a", 1)), 7);
  EXPECT_EQ(count_in(sum("a", 2)), 10);
}

TEST_F(FoldingTest, WhatCannotBeAddedUpIsSetApartForTheReport) {
  const std::string target = root_ + "/a.gcda";
  write_file(notes_of(target), words({0x67636e6f, kGcc12, kStamp, 99}));
  write_file(own("11.1", "a"), counted(2));
  write_file(own("12.1", "a"), counted(3).substr(0, 50));
  write_file(own("13.1", "x"), "no .gcda");
  write_file(own("14.1", "a") + ".profraw", "");
  fold_all();
  EXPECT_EQ(count_in(sum("a")), 2);
  EXPECT_TRUE(folders_to_fold(data_).empty()) << "it is not looked at again and again";
  EXPECT_EQ(entries_of(data_ + "/apart"),
            (std::vector<std::string>{"1-1.12.1", "1-1.13.1", "1-1.14.1"}));
  EXPECT_EQ(merge_process_folders(data_).warnings.size(), 3U);
  EXPECT_EQ(count_in(target), 2);
}

TEST_F(FoldingTest, WhatMayStillBeWrittenStays) {
  const auto self = std::to_string(::getpid());
  write_file(own(self, "a"), counted(2));
  write_file(own(self + ".1", "a"), counted(3));
  write_file(own("%p", "a"), counted(5));
  const std::string running = to_text(identify(::getpid()));
  write_file(own("11", "a", running), counted(7));
  write_file(own("11.1", "a", running), counted(11));
  fold_all();
  EXPECT_EQ(count_in(sum("a")), 14);
  EXPECT_EQ(count_in(own(self, "a")), 2);
  EXPECT_EQ(count_in(own("%p", "a")), 5);
  EXPECT_EQ(count_in(own("11", "a", running)), 7);
}

TEST_F(FoldingTest, ADamagedSumIsLeftToTheReport) {
  write_file(own("11.1", "a"), counted(2));
  fold_all();
  write_file(sum("a"), counted(2).substr(0, 50));
  for (const char* process : {"12.1", "13.1"}) write_file(own(process, "a"), counted(3));
  fold_all();
  EXPECT_EQ(read_file(sum("a")).size(), 50U);
  EXPECT_EQ(entries_of(data_ + "/apart").size(), 2U);
}

TEST_F(FoldingTest, WhoeverGivesUpHasAddedWhatIsGone) {
  const std::atomic<bool> cancelled = true;
  write_file(own("11.1", "a"), counted(2));
  fold(data_, folders_to_fold(data_), cancelled);
  EXPECT_EQ(count_in(own("11.1", "a")), 2);
  fold_all();
  EXPECT_EQ(count_in(sum("a")), 2);
}

TEST_F(FoldingTest, KilledAtAnyMomentNothingCountsTwice) {
  constexpr int kProcesses = 40;
  constexpr int kObjects = 20;
  for (int process = 1; process <= kProcesses; ++process) {
    for (int object = 0; object < kObjects; ++object) {
      write_file(own(std::to_string(1000 + process) + ".1", "o" + std::to_string(object)),
                 counted(1));
    }
  }
  int kills = 0;
  while (!folders_to_fold(data_).empty()) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (;;) {
        const DataLock lock(data_, DataLock::Wait::kYes);
        finish_folding(data_);
        auto folders = folders_to_fold(data_);
        if (folders.empty()) ::_exit(0);
        folders.resize(std::min<std::size_t>(folders.size(), 4));
        fold(data_, folders, never_);
      }
    }
    // Later and later, so that it comes to an end where a process takes long to begin.
    const auto moment =
        Clock::now() + std::chrono::microseconds(200 + 137 * (kills % 97) + 20 * kills);
    while (Clock::now() < moment) continue;
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    kills += WIFSIGNALED(status);
  }
  fold_all();
  EXPECT_GT(kills, 0);
  for (int object = 0; object < kObjects; ++object) {
    EXPECT_EQ(count_in(sum("o" + std::to_string(object))), kProcesses);
  }
}

TEST_F(FoldingTest, InTheBackgroundThereAreNeverMany) {
  BackgroundFold background(data_);
  std::size_t most = 0;
  for (int process = 1; process <= 100; ++process) {
    write_file(own("one that runs", "a"), counted(1));
    const std::string run = data_ + "/services/api/1-1/";
    fs::rename(run + "one that runs", run + std::to_string(process) + ".1");
    background.add_folder();
    most = std::max(most, folders_to_fold(data_).size());
  }
  background.stop();
  EXPECT_LT(most, 16U);
  fold_all();
  EXPECT_EQ(count_in(sum("a")), 100);
}

TEST_F(FoldingTest, WhatItTakesIsKnown) {
  EXPECT_EQ(data_use(data_).files, 0U);
  write_file(own("11.1", "a"), counted(2));
  const DataUse use = data_use(data_);
  EXPECT_EQ(use.files, 1U);
  EXPECT_GT(use.bytes, 0U);
}

}  // namespace
}  // namespace gentle

#include "os/log_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <new>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

constexpr std::uint64_t kLimit = 16384;

// Of 16 bytes, so that what a place of the log holds is known.
std::string numbered(int i) {
  std::string line = "line " + std::to_string(i);
  line.resize(15, '.');
  return line + "\n";
}

std::string numbered(int from, int to) {
  std::string lines;
  for (int i = from; i < to; ++i) lines += numbered(i);
  return lines;
}

class LogFileTest : public ScratchFolderTest {
 protected:
  void write_lines(int from, int to) {
    for (int i = from; i < to; ++i) writer_.append(numbered(i));
  }
  std::string file() const { return read_file(path_); }

  struct Read {
    std::uint64_t left_out = 0;
    std::string before;
    std::string after;
  };
  Read read_from(std::uint64_t from, std::size_t most = 1000) const {
    const LogReader reader(path_, kLimit);
    Read read;
    for (std::uint64_t end = reader.end(); from < end;) {
      const LogReader::Part part = reader.read(from, most);
      EXPECT_GT(part.end, from);
      EXPECT_TRUE(part.left_out == 0 || read.left_out == 0) << "left out twice";
      read.left_out += part.left_out;
      (read.left_out > 0 ? read.after : read.before) += part.text;
      from = part.end;
    }
    return read;
  }
  // All that there is, when so many lines were written.
  void expect_both_ends(int lines) const {
    const Read read = read_from(0);
    EXPECT_EQ(read.before, numbered(0, kLimit / 2 / 16));
    EXPECT_GE(read.after.size(), kLimit / 5);
    const int kept = static_cast<int>(read.after.size() / 16);
    EXPECT_EQ(read.after, numbered(lines - kept, lines));
    EXPECT_EQ(read.before.size() + read.left_out + read.after.size(), std::size_t(lines) * 16);
    EXPECT_LE(file_size(path_), kLimit);
  }

  std::string path_ = root_ + "/log";
  LogWriter writer_{open_own_file(path_), kLimit};
};

TEST_F(LogFileTest, UpToTheLimitIsWhatWasWritten) {
  write_lines(0, kLimit / 16);
  EXPECT_EQ(file(), numbered(0, kLimit / 16));
  EXPECT_EQ(LogReader(path_, kLimit).end(), kLimit);
  const Read read = read_from(0);
  EXPECT_EQ(read.before, file());
  EXPECT_EQ(read.left_out, 0U);
}

TEST_F(LogFileTest, FromThenOnTheBeginningAndTheEndStay) {
  int lines = kLimit / 16;
  write_lines(0, lines);
  for (; lines < 20000; ++lines) {
    write_lines(lines, lines + 1);
    EXPECT_LE(file_size(path_), kLimit);
    if (lines % 61 == 0) expect_both_ends(lines + 1);
  }
  EXPECT_EQ(LogReader(path_, kLimit).end(), 20000U * 16);
}

TEST_F(LogFileTest, ALineSaysHowMuchIsLeftOut) {
  write_lines(0, 5000);
  const std::string line = "\n" + left_out_line(read_from(0).left_out);
  EXPECT_EQ(file().substr(kLimit / 2, line.size()), line);
  EXPECT_EQ(file().substr(kLimit / 2 + 96, 5), "line ");
}

TEST_F(LogFileTest, OffsetsStayTrue) {
  write_lines(0, 5000);
  const std::uint64_t end = LogReader(path_, kLimit).end();
  EXPECT_EQ(read_from(end - 32).before, numbered(4998, 5000));
  write_lines(5000, 5001);
  EXPECT_EQ(read_from(end).before, numbered(5000));
  write_lines(5001, 9000);
  // Of what is gone, so much as has gone since.
  const Read late = read_from(end);
  const Read all = read_from(0);
  EXPECT_EQ(late.after, all.after);
  EXPECT_EQ(end + late.left_out, 9000 * 16 - all.after.size());
}

TEST_F(LogFileTest, WhatHasNoLinesIsBoundedToo) {
  for (int i = 0; i < 100; ++i) writer_.append(std::string(1000, static_cast<char>('a' + i % 26)));
  writer_.append(std::string(5 * kLimit, 'x') + "end");
  EXPECT_LE(file_size(path_), kLimit);
  const Read read = read_from(0);
  EXPECT_EQ(read.before.substr(0, 1001), std::string(1000, 'a') + "b");
  EXPECT_TRUE(read.after.ends_with("xend"));
  EXPECT_EQ(LogReader(path_, kLimit).end(), 100000 + 5 * kLimit + 3);
}

TEST_F(LogFileTest, ThatSomebodyEmptiesBeginsAnew) {
  write_lines(0, 5000);
  ASSERT_EQ(::truncate(path_.c_str(), 0), 0);
  write_lines(0, 100);
  EXPECT_EQ(file(), numbered(0, 100));
  write_lines(100, 5000);
  expect_both_ends(5000);
}

TEST_F(LogFileTest, AnotherWriterGoesOn) {
  write_lines(0, 5000);
  writer_ = LogWriter(UniqueFd(::open(path_.c_str(), O_RDWR | O_APPEND)), kLimit);
  write_lines(5000, 7000);
  expect_both_ends(7000);
}

// A move is cut in two at each of its calls: what the file is then is made by hand.
class InterruptedMove : public LogFileTest {
 protected:
  InterruptedMove() {
    write_lines(0, kLimit / 16);
    before_ = file();
    write_lines(kLimit / 16, kLimit / 16 + 1);
    moved_ = file();
    moved_.resize(moved_.size() - 16);  // the line that it made room for
    skip_ = before_.size() - moved_.size();
  }

  std::string to_be_moved() const {
    std::string text = before_;
    std::string line = moved_.substr(kLimit / 2, 96);
    const std::string skip = " skip " + std::to_string(skip_);
    line.replace(line.find(']') + 1, skip.size(), skip);
    return text.replace(kLimit / 2, 96, line);
  }

  void expect_readable(const std::string& text) {
    write_file(path_, text);
    expect_both_ends(kLimit / 16);
    writer_ = LogWriter(UniqueFd(::open(path_.c_str(), O_RDWR | O_APPEND)), kLimit);
    EXPECT_EQ(file(), moved_);
    write_lines(kLimit / 16, 3000);
    expect_both_ends(3000);
  }

  std::string before_;
  std::string moved_;
  std::size_t skip_ = 0;
};

TEST_F(InterruptedMove, BeforeItBegan) { expect_readable(to_be_moved()); }

TEST_F(InterruptedMove, InTheMiddle) {
  const std::size_t end = kLimit / 2 + 96;
  expect_readable(to_be_moved().replace(end, 1000, moved_.substr(end, 1000)));
  expect_readable(to_be_moved().replace(end, moved_.size() - end, moved_.substr(end)));
}

TEST_F(InterruptedMove, BeforeItIsNoted) {
  std::string text = to_be_moved();
  text.replace(kLimit / 2 + 96, std::string::npos, moved_.substr(kLimit / 2 + 96));
  expect_readable(text);
}

TEST_F(LogFileTest, IsReadWhileItIsWritten) {
  // Numbers that always grow, with one gap at most, however the two meet.
  write_lines(0, 100);
  const pid_t child = ::fork();
  if (child == 0) {
    for (int i = 100;; ++i) writer_.append(numbered(i));
  }
  const LogReader reader(path_, kLimit);
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t end = reader.end();
    int last = -1;
    for (std::uint64_t from = end - std::min<std::uint64_t>(end, 40 * 16); from < end;) {
      const LogReader::Part part = reader.read(from, 16);
      if (part.text.size() < 16) break;
      const int number = std::atoi(part.text.c_str() + 5);
      EXPECT_EQ(part.text, numbered(number));
      EXPECT_EQ(part.end, std::uint64_t(number + 1) * 16);
      EXPECT_GT(number, last);
      last = number;
      from = part.end;
    }
  }
  ::kill(child, SIGKILL);
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
}

TEST_F(LogFileTest, IsWholeWhereverItsWriterIsKilled) {
  int began = 0;
  for (int round = 0; round < 50; ++round) {
    // How many lines it has written, in memory that outlives it.
    void* memory = ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    auto* count = new (memory) std::atomic<int>;
    *count = began;
    const pid_t child = ::fork();
    if (child == 0) {
      LogWriter writer(UniqueFd(::open(path_.c_str(), O_RDWR | O_APPEND)), kLimit);
      for (int i = began;; *count = ++i) {
        writer.append(numbered(i));
      }
    }
    while (*count < began + 3000 + 17 * round) {
    }
    ::kill(child, SIGKILL);
    EXPECT_EQ(::waitpid(child, nullptr, 0), child);
    const auto end = LogReader(path_, kLimit).end();
    began = *count;
    if (end == std::uint64_t(began + 1) * 16) ++began;  // it was about to count it
    expect_both_ends(began);
    ::munmap(memory, sizeof *count);
  }
}

TEST_F(LogFileTest, CountsWhatTheFileDoesNotTake) {
  LogWriter writer(UniqueFd(::open("/dev/full", O_RDWR)));
  writer.append("one\n");
  EXPECT_EQ(writer.lost(), 4U);
  EXPECT_EQ(writer.error(), ENOSPC);
}

TEST_F(LogFileTest, WithoutAFileIsEmpty) {
  EXPECT_EQ(log_end(root_ + "/none"), 0U);
  EXPECT_EQ(LogReader(root_ + "/none").read(0, 10).text, "");
}

TEST_F(LogFileTest, ALineOfTheServiceThatLooksLikeOursHidesOnlyItsOwn) {
  for (const std::string line : {"\n[gentle: 99999999999999999999 bytes are left out here]",
                                 "\n[gentle: 1152921504606846976 bytes are left out here] skip 1",
                                 "\n[gentle: 5 bytes are left out here] skip 1152921504606846976",
                                 "\n[gentle: 5 bytes", "\n[gentle: -5 bytes are left out here]"}) {
    std::string text(kLimit - 200, 'x');
    text.replace(kLimit / 2, line.size(), line);
    write_file(path_, text);
    writer_ = LogWriter(UniqueFd(::open(path_.c_str(), O_RDWR | O_APPEND)), kLimit);
    writer_.append(std::string(3 * kLimit, 'y'));
    EXPECT_LE(file_size(path_), kLimit);
    LogReader(path_, kLimit).read(0, kLimit);
    EXPECT_TRUE(file().ends_with("yy"));
  }
}

}  // namespace
}  // namespace gentle

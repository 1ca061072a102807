#include "os/output_pipe.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

class OutputPipeTest : public ScratchFolderTest {
 protected:
  void say(std::string_view text) {
    EXPECT_EQ(::write(pipe_.writing_end(), text.data(), text.size()), ssize_t(text.size()));
  }
  std::string file() const { return read_file_if_there(path_).value_or(""); }

  std::string path_ = root_ + "/log";
  UniqueFd log_ = open_own_file(path_);
  OutputPipe pipe_;
};

TEST_F(OutputPipeTest, CopiesAndHandsOn) {
  std::string heard;
  say("one\n");
  say("two\n");
  pipe_.copy_to(log_.get(), [&](std::string_view text) { heard += text; });
  EXPECT_EQ(heard, "one\ntwo\n");
  EXPECT_EQ(file(), heard);
  pipe_.copy_to(log_.get());  // does not block
  EXPECT_EQ(file(), heard);
}

TEST_F(OutputPipeTest, OpenedAnewAndEmptiedItLosesNothing) {
  say("one\n");
  const std::string name = "/proc/self/fd/" + std::to_string(pipe_.writing_end());
  const UniqueFd anew(::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  ASSERT_TRUE(anew);
  EXPECT_EQ(::write(anew.get(), "two\n", 4), 4);
  say("three\n");
  pipe_.copy_to(log_.get());
  EXPECT_EQ(file(), "one\ntwo\nthree\n");
}

TEST_F(OutputPipeTest, IsOverWhenNobodyCanWrite) {
  say("end\n");
  pipe_.close_writing_end();
  pipe_.copy_to(log_.get());
  EXPECT_EQ(file(), "end\n");
  EXPECT_EQ(pipe_.fd(), -1);
}

TEST_F(OutputPipeTest, CountsWhatTheFileDoesNotTake) {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  say("one\n");
  pipe_.copy_to(full.get());
  EXPECT_EQ(pipe_.lost(), 4U);
  EXPECT_EQ(pipe_.error(), ENOSPC);
}

TEST_F(OutputPipeTest, AWriterWithoutEndLeavesTimeForOtherThings) {
  // What the pipe holds, and not the megabytes that come meanwhile.
  std::size_t heard = 0;
  const std::string much(4096, 'x');
  say(much);
  pipe_.copy_to(log_.get(), [&](std::string_view text) {
    heard += text.size();
    say(much);
  });
  EXPECT_GE(heard, 1U << 20);
  EXPECT_LT(heard, 2U << 20);
}

}  // namespace
}  // namespace gentle

#include "os/output_pipe.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace gentle {
namespace {

class OutputPipeTest : public testing::Test {
 protected:
  void say(std::string_view text) {
    EXPECT_EQ(::write(pipe_.writing_end(), text.data(), text.size()), ssize_t(text.size()));
  }
  void drain() {
    pipe_.drain([this](std::string_view text) { heard_ += text; });
  }

  OutputPipe pipe_;
  std::string heard_;
};

TEST_F(OutputPipeTest, HandsOn) {
  say("one\n");
  say("two\n");
  drain();
  EXPECT_EQ(heard_, "one\ntwo\n");
  drain();  // does not block
  EXPECT_EQ(heard_, "one\ntwo\n");
}

TEST_F(OutputPipeTest, OpenedAnewAndEmptiedItLosesNothing) {
  say("one\n");
  const std::string name = "/proc/self/fd/" + std::to_string(pipe_.writing_end());
  const UniqueFd anew(::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  ASSERT_TRUE(anew);
  EXPECT_EQ(::write(anew.get(), "two\n", 4), 4);
  say("three\n");
  drain();
  EXPECT_EQ(heard_, "one\ntwo\nthree\n");
}

TEST_F(OutputPipeTest, IsOverWhenNobodyCanWrite) {
  say("end\n");
  pipe_.close_writing_end();
  drain();
  EXPECT_EQ(heard_, "end\n");
  EXPECT_EQ(pipe_.fd(), -1);
}

TEST_F(OutputPipeTest, AWriterWithoutEndLeavesTimeForOtherThings) {
  // What the pipe holds, and not the megabytes that come meanwhile.
  std::size_t heard = 0;
  const std::string much(4096, 'x');
  say(much);
  pipe_.drain([&](std::string_view text) {
    heard += text.size();
    say(much);
  });
  EXPECT_GE(heard, 1U << 20);
  EXPECT_LT(heard, 2U << 20);
}

}  // namespace
}  // namespace gentle

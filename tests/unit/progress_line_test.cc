#include "cli/progress_line.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace gentle {
namespace {

class ProgressLineTest : public testing::Test {
 protected:
  void after(int milliseconds, std::size_t done) {
    time_ = ProgressLine::Clock::time_point(std::chrono::milliseconds(milliseconds));
    line_->show(done, 500);
  }
  std::string take() { return std::exchange(written_, ""); }

  std::string written_;
  ProgressLine::Clock::time_point time_{};
  std::optional<ProgressLine> line_{std::in_place, "Counting objects",
                                    [this](std::string_view text) { written_ += text; },
                                    [this] { return time_; }};
};

TEST_F(ProgressLineTest, AShortWorkWritesNothing) {
  after(0, 1);
  after(999, 499);
  line_.reset();
  EXPECT_EQ(take(), "");
}

TEST_F(ProgressLineTest, ALongWorkHasOneLineThatGoes) {
  after(1000, 100);
  EXPECT_EQ(take(), "\r\033[KCounting objects: 100 of 500");
  after(1099, 101);
  EXPECT_EQ(take(), "") << "ten times a second is enough";
  after(1100, 102);
  EXPECT_EQ(take(), "\r\033[KCounting objects: 102 of 500");
  line_->remove();
  EXPECT_EQ(take(), "\r\033[K");
  line_.reset();
  EXPECT_EQ(take(), "") << "it is gone once";
}

TEST_F(ProgressLineTest, GoesWithItsObject) {
  after(5000, 100);
  take();
  line_.reset();
  EXPECT_EQ(take(), "\r\033[K");
}

}  // namespace
}  // namespace gentle

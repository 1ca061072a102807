#include "coverage/llvm/llvm_lines.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

using Lines = std::map<std::uint32_t, std::int64_t>;

constexpr bool kCounted = true;
constexpr bool kEntry = true;
constexpr bool kGap = true;

// A function of lines 2 to 6: "if (a) {" in line 3, its block in 4, and after it line 5.
std::vector<LlvmSegment> of_function(std::uint64_t calls, std::uint64_t taken) {
  return {{2, calls, kCounted, kEntry, false}, {3, calls, kCounted, kEntry, false},
          {3, calls, kCounted, false, false},  {3, taken, kCounted, kEntry, kGap},
          {3, taken, kCounted, kEntry, false}, {5, calls, kCounted, false, false},
          {6, 0, false, false, false}};
}

TEST(AdditiveLines, HoldWhatTheLargestCountIsOf) {
  const auto lines =
      additive_lines(of_function(7, 2), Lines{{2, 7}, {3, 7}, {4, 2}, {5, 2}, {6, 7}});
  ASSERT_TRUE(lines);
  EXPECT_EQ(*lines,
            (std::vector<LlvmLine>{{2, {0, 7}}, {3, {7, 7, 2}}, {4, {2}}, {5, {2}}, {6, {7}}}));
}

// The largest of the sums is not the sum of the largest.
TEST(AdditiveLines, AddUp) {
  LlvmLine line{3, {0, 5, 1}};
  const LlvmLine other{3, {0, 1, 5}};
  EXPECT_EQ(line.count() + other.count(), 10);
  for (std::size_t i = 0; i < line.counts.size(); ++i) line.counts[i] += other.counts[i];
  EXPECT_EQ(line.count(), 6);
}

TEST(AdditiveLines, AreNothingIfLlvmCovSaysOtherwise) {
  EXPECT_FALSE(additive_lines(of_function(7, 2), Lines{{2, 7}, {3, 8}}));
  EXPECT_FALSE(additive_lines({}, Lines{{2, 7}}));
  EXPECT_FALSE(additive_lines({{5, 7, kCounted, kEntry, false}, {2, 7, kCounted, kEntry, false}},
                              Lines{{5, 7}}))
      << "not in their order";
}

// A segment that changes nothing may be left out, and is in one run only.
TEST(AdditiveLines, AreTheSameWithoutSegmentsThatChangeNothing) {
  const std::vector<LlvmSegment> with = {
      {2, 3, kCounted, kEntry, false}, {4, 3, kCounted, false, false}, {6, 0, false, false, false}};
  const std::vector<LlvmSegment> without = {with[0], with[2]};
  const Lines lines = {{2, 3}, {3, 3}, {4, 3}, {5, 3}};
  EXPECT_EQ(additive_lines(with, lines), additive_lines(without, lines));
}

TEST(AdditiveLines, StayInTheirRange) { EXPECT_EQ((LlvmLine{1, {UINT64_MAX}}.count()), INT64_MAX); }

}  // namespace
}  // namespace gentle

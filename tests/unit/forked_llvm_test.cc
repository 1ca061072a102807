#include "coverage/report/forked_llvm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>

#include "coverage/llvm/llvm_lines.h"

namespace gentle {
namespace {

// int main() {                                   // 1
//   if (fork() == 0) {                           // 2
//     exit(0);                                   // 3
//   }                                            // 4
//   wait(nullptr);                               // 5
// }
LlvmCounted counted(std::uint64_t entries, std::uint64_t leaves) {
  const std::uint64_t behind = entries - leaves;  // without a sign, as llvm-cov subtracts
  const auto shown = static_cast<std::int64_t>(std::min<std::uint64_t>(behind, INT64_MAX));
  const auto clamped = static_cast<std::uint64_t>(shown);
  LlvmCounted result;
  LlvmFunction function{"main", entries, {"/a.cc"}, {}, {}};
  function.regions = {{1, 12, 6, 2, entries, 0, 0, 0},
                      {2, 20, 4, 4, leaves, 0, 0, 0},
                      {4, 4, 6, 2, clamped, 0, 0, 0}};
  result.functions.push_back(pack_llvm_function(function));
  const auto first = static_cast<std::int64_t>(entries);
  const auto inner = static_cast<std::int64_t>(leaves);
  result.sources["/a.cc"].lines = {
      {1, first}, {2, std::max(first, inner)}, {3, inner}, {4, inner}, {5, shown}};
  result.segments["/a.cc"] = {{1, entries, true, true, false},
                              {2, leaves, true, true, false},
                              {4, clamped, true, false, false}};
  return result;
}

using Lines = std::map<std::uint32_t, std::int64_t>;

TEST(ForkedLlvm, TakesNothingFromTheParent) {
  const LlvmCounted sum = sum_of_generations({{0, counted(1, 0)}, {1, counted(0, 3)}});
  const ExportedSource& source = sum.sources.at("/a.cc");
  EXPECT_EQ(source.lines, (Lines{{1, 1}, {2, 3}, {3, 3}, {4, 3}, {5, 1}}));
  const auto& function = source.functions.at({"main", 1});
  EXPECT_EQ(function.count, 1);
  EXPECT_EQ(function.regions_executed, 3U);
  EXPECT_TRUE(source.unexecuted.empty());
}

TEST(ForkedLlvm, AddsUpRegionsAndNotLines) {
  const LlvmCounted sum =
      sum_of_generations({{0, counted(2, 1)}, {1, counted(3, 1)}, {2, counted(4, 4)}});
  EXPECT_EQ(sum.sources.at("/a.cc").lines, (Lines{{1, 9}, {2, 9}, {3, 6}, {4, 6}, {5, 3}}));
}

TEST(ForkedLlvm, MayHaveChildrenAlone) {
  const LlvmCounted sum = sum_of_generations({{1, counted(0, 1)}});
  EXPECT_EQ(sum.sources.at("/a.cc").lines, (Lines{{1, 0}, {2, 1}, {3, 1}, {4, 1}, {5, 0}}));
}

// Of two files each has its own `f` that looks the same, and one has another `g`.
TEST(ForkedLlvm, AddsUpEachFunctionOnce) {
  const auto with = [](std::uint64_t first, std::uint64_t second, std::uint64_t other) {
    LlvmCounted result;
    const auto add = [&](const std::string& name, std::uint64_t count) {
      result.functions.push_back(
          pack_llvm_function({name, count, {"/a.h"}, {{1, 1, 1, 9, count, 0, 0, 0}}, {}}));
    };
    add("a.cc:f", first);
    add("b.cc:f", second);
    if (other > 0) add("g", other);
    result.sources["/a.h"].lines = {{1, 0}};
    return result;
  };
  const LlvmCounted sum = sum_of_generations({{0, with(1, 10, 0)}, {1, with(2, 20, 4)}});
  const ExportedSource& source = sum.sources.at("/a.h");
  EXPECT_EQ(source.functions.at({"f", 1}).count, 33);
  EXPECT_EQ(source.functions.at({"g", 1}).count, 4);
}

TEST(ForkedLlvm, KeepsDecisions) {
  LlvmCounted parent = counted(1, 0);
  LlvmCounted child = counted(0, 1);
  parent.sources["/a.cc"].decisions[{2, 7}] = {3, 0b001};
  child.sources["/a.cc"].decisions[{2, 7}] = {3, 0b100};
  const LlvmCounted sum = sum_of_generations({{0, parent}, {1, child}});
  EXPECT_EQ(sum.sources.at("/a.cc").decisions.at({2, 7}), (ExportedDecision{3, 0b101}));
}

TEST(ForkedLlvm, GivesSegmentsThatFitTheLines) {
  const LlvmCounted sum = sum_of_generations({{0, counted(1, 0)}, {1, counted(0, 3)}});
  const auto lines = additive_lines(sum.segments.at("/a.cc"), sum.sources.at("/a.cc").lines);
  ASSERT_TRUE(lines.has_value());
}

}  // namespace
}  // namespace gentle

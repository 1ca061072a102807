#include "coverage/gcov/line_cycles.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

constexpr std::uint64_t kSteps = 1000;

struct CountedArc {
  std::uint32_t source;
  std::uint32_t destination;
  std::uint64_t count;
};

// Every arc has a counter of its own.
std::optional<std::int64_t> cycles(const std::vector<CountedArc>& counted,
                                   const std::vector<std::uint32_t>& blocks,
                                   std::uint64_t steps = kSteps) {
  std::vector<NotesArc> arcs;
  std::vector<std::uint64_t> counters;
  for (const CountedArc& arc : counted) {
    arcs.push_back({arc.source, arc.destination, 0});
    counters.push_back(arc.count);
  }
  FlowGraph graph;
  graph.read(arcs, 8);
  FunctionFlow flow;
  flow.solve(graph, counters);
  return LineCycles(steps).count(graph, flow, blocks);
}

TEST(LineCycles, CountsWhatStaysOnTheLine) {
  const std::vector<CountedArc> loop = {{0, 2, 1}, {2, 3, 5}, {3, 2, 4}, {3, 1, 1}};
  EXPECT_EQ(cycles(loop, {2, 3}), 4);
  EXPECT_EQ(cycles(loop, {2}), 0);
  EXPECT_EQ(cycles(loop, {}), 0);
  EXPECT_EQ(cycles({{2, 2, 3}}, {2}), 3);
}

TEST(LineCycles, CountsEachOfTwoLoopsThatShareABlock) {
  EXPECT_EQ(cycles({{2, 3, 9}, {3, 2, 4}, {3, 4, 5}, {4, 2, 5}}, {2, 3, 4}), 9);
  EXPECT_EQ(cycles({{2, 3, 9}, {3, 2, 9}, {4, 5, 2}, {5, 4, 2}}, {2, 3, 4, 5}), 11);
}

// 2-3-2 takes all of 2-3; nothing is left for 2-3-4-2.
TEST(LineCycles, LowersTheArcsOfACycle) {
  EXPECT_EQ(cycles({{2, 3, 4}, {3, 2, 4}, {3, 4, 4}, {4, 2, 4}}, {2, 3, 4}), 4);
}

// From 2 first 2-3-4-2, which uses 3-4 up; taken the other way round, 3-4-3 would count 5, and then
// nothing would be left.
TEST(LineCycles, TakesTheCyclesOfTheLowestBlockFirst) {
  EXPECT_EQ(cycles({{2, 3, 3}, {3, 4, 5}, {4, 2, 3}, {4, 3, 4}}, {2, 3, 4}), 5);
}

TEST(LineCycles, GivesUpWhereThereAreTooMany) {
  EXPECT_EQ(cycles({{2, 3, 4}, {3, 2, 4}}, {2, 3}, 3), std::nullopt);
}

// Between 6 blocks that all know each other there are 409 cycles.
TEST(LineCycles, FindsAtMostOneCycleForAnArc) {
  std::vector<CountedArc> all;
  for (std::uint32_t from = 2; from < 8; ++from) {
    for (std::uint32_t to = 2; to < 8; ++to) {
      if (from != to) all.push_back({from, to, 1});
    }
  }
  EXPECT_EQ(cycles(all, {2, 3, 4, 5, 6, 7}), 15);
}

}  // namespace
}  // namespace gentle

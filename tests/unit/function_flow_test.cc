#include "coverage/gcov/function_flow.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

constexpr std::uint32_t kTree = 1;

// if (x) 3 else 4; then 5.
const std::vector<NotesArc> kDiamond = {{0, 2, 0},     {2, 4, 0},     {2, 3, kTree},
                                        {3, 5, kTree}, {4, 5, kTree}, {5, 1, kTree}};

std::vector<std::int64_t> blocks(const std::vector<NotesArc>& arcs, std::uint32_t count,
                                 const std::vector<std::uint64_t>& counters) {
  FlowGraph graph;
  graph.read(arcs, count);
  FunctionFlow flow;
  flow.solve(graph, counters);
  std::vector<std::int64_t> found;
  for (std::uint32_t i = 0; i < count; ++i) found.push_back(flow.of_block(i));
  return found;
}

TEST(FunctionFlow, FollowsFromTheCounters) {
  EXPECT_EQ(blocks(kDiamond, 6, {10, 4}), (std::vector<std::int64_t>{10, 10, 10, 6, 4, 10}));
  EXPECT_EQ(blocks(kDiamond, 6, {0, 0}), (std::vector<std::int64_t>(6, 0)));
}

TEST(FunctionFlow, MayBeNegative) { EXPECT_EQ(blocks(kDiamond, 6, {1, 3})[3], -2); }

TEST(FunctionFlow, LeavesOpenWhatDoesNotFollow) {
  const std::vector<NotesArc> ring = {{0, 2, kTree}, {2, 3, kTree}, {3, 2, kTree}, {3, 1, kTree}};
  EXPECT_EQ(blocks(ring, 4, {}), (std::vector<std::int64_t>(4, 0)));
  const std::vector<NotesArc> alone = {{2, 2, 0}};
  EXPECT_EQ(blocks(alone, 3, {5})[2], 5);
  EXPECT_TRUE(blocks({}, 0, {}).empty());
}

TEST(FlowGraph, SortsWhatLeavesByItsDestination) {
  const std::vector<NotesArc> arcs = {{2, 4, 0}, {0, 2, 0}, {2, 3, 0}, {2, 4, 4}, {2, 1, 0}};
  FlowGraph graph;
  graph.read(arcs, 5);
  const auto leaving = graph.leaving(2);
  EXPECT_EQ(std::vector<std::uint32_t>(leaving.begin(), leaving.end()),
            (std::vector<std::uint32_t>{4, 2, 0, 3}));
  const auto entering = graph.entering(4);
  EXPECT_EQ(std::vector<std::uint32_t>(entering.begin(), entering.end()),
            (std::vector<std::uint32_t>{0, 3}));
  EXPECT_TRUE(graph.leaving(4).empty());
}

}  // namespace
}  // namespace gentle

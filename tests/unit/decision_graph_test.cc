#include "coverage/llvm/decision_graph.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

constexpr std::uint16_t kEnd = DecisionGraph::kEnd;

// (a && b) || c
const DecisionGraph kMixed{0, {{2, 1}, {2, kEnd}, {kEnd, kEnd}}};

// a || b || ...
DecisionGraph any_of(std::uint16_t terms) {
  DecisionGraph graph;
  for (std::uint16_t term = 0; term + 1 < terms; ++term) {
    graph.next.push_back({static_cast<std::uint16_t>(term + 1), kEnd});
  }
  graph.next.push_back({kEnd, kEnd});
  return graph;
}

TEST(DecisionGraph, HasAPathForEachWayThroughIt) {
  EXPECT_EQ(count_paths(kMixed), 5U);
  EXPECT_EQ(count_paths(any_of(64)), 65U);
}

TEST(DecisionGraph, WithoutAnEndItHasNoPath) {
  EXPECT_EQ(count_paths({}), 0U);
  EXPECT_EQ(count_paths({1, {{kEnd, kEnd}}}), 0U);          // begins nowhere
  EXPECT_EQ(count_paths({0, {{kEnd, 1}}}), 0U);             // leads nowhere
  EXPECT_EQ(count_paths({0, {{kEnd, 0}}}), 0U);             // a term follows itself
  EXPECT_EQ(count_paths({0, {{kEnd, 1}, {0, kEnd}}}), 0U);  // so do two
  EXPECT_EQ(count_paths({0, {{kEnd, kEnd + 1}}}), 0U);      // no such term
  EXPECT_EQ(count_paths(any_of(65)), 0U);                   // too many terms
}

// Each of 63 terms doubles them.
TEST(DecisionGraph, HasNotTooManyPaths) {
  DecisionGraph graph;
  for (std::uint16_t term = 0; term < 63; ++term) {
    const auto next = static_cast<std::uint16_t>(term + 1);
    graph.next.push_back({next, next});
  }
  graph.next.push_back({kEnd, kEnd});
  EXPECT_EQ(count_paths(graph), 0U);
  graph.next.erase(graph.next.begin(), graph.next.begin() + 52);
  for (auto& next : graph.next) {
    for (std::uint16_t& term : next)
      term = term == kEnd ? kEnd : static_cast<std::uint16_t>(term - 52);
  }
  EXPECT_EQ(count_paths(graph), DecisionGraph::kMostPaths);
}

// Paths of (a && b) || c: a c, a c, a b c, a b c, a b, the last evaluated term false before true.
TEST(DecisionGraph, ATermDecidesAloneIfTwoPathsDifferInItOnly) {
  const auto terms = [](std::vector<std::uint64_t> taken) {
    return independent_terms(kMixed, taken);
  };
  EXPECT_EQ(terms({}), 0U);
  EXPECT_EQ(terms({1, 0, 0, 0, 0}), 0U);
  EXPECT_EQ(terms({1, 1, 0, 0, 0}), 0b100U);  // c, behind a false a
  EXPECT_EQ(terms({1, 0, 0, 0, 7}), 0b001U);  // a: of both paths only it was evaluated
  EXPECT_EQ(terms({0, 0, 1, 0, 1}), 0b010U);  // b
  EXPECT_EQ(terms({0, 1, 1, 0, 0}), 0U);      // a and c differ
  EXPECT_EQ(terms({0, 1, 0, 0, 1}), 0U);      // both end in the same way
  EXPECT_EQ(terms({1, 1, 1, 0, 1}), 0b111U);
}

// As clang 19 has numbered them: of `f` in a program with (a && b) || c, llvm-profdata has shown
// 0x11 for a false a with a false c and for a and b, and 0x3 for a false c behind a false a and a
// false b.
TEST(DecisionGraph, PathsHaveTheBitsOfClang19) {
  EXPECT_EQ(bits_of_paths(kMixed), (std::vector<std::uint32_t>{0, 2, 1, 3, 4}));
}

TEST(DecisionGraph, PathsHaveTheBitsOfClang18) {
  EXPECT_EQ(bits_of_paths_in_18(kMixed, std::vector<std::uint64_t>{0, 2, 1}),
            (std::vector<std::uint32_t>{0b000, 0b010, 0b001, 0b011, 0b101}));
}

}  // namespace
}  // namespace gentle

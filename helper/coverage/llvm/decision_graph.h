// How the terms of a decision follow each other, as -fcoverage-mcdc (Clang 18 and newer) sees it:
// `(a && b) || c` evaluates a first, then b if a is true, else c, and so on. What a run has shown
// of a decision is which of the paths through it were taken. So runs add up, path by path, while
// what each of them has shown by itself does not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gentle {

struct DecisionGraph {
  static constexpr std::size_t kMostTerms = 64;
  static constexpr std::size_t kMostPaths = std::size_t{1} << 12U;
  // Behind it nothing is evaluated: the value of the term is that of the decision.
  static constexpr std::uint16_t kEnd = kMostTerms;

  std::uint16_t first = 0;
  // Of each term in the order of llvm-cov: the one that follows if it is false, and if it is true.
  std::vector<std::array<std::uint16_t, 2>> next;

  bool operator==(const DecisionGraph&) const = default;
};

// How many paths lead through it; 0 if it is no such graph, because a term is missing or follows
// itself, or if it has more than kMostPaths.
std::size_t count_paths(const DecisionGraph& graph);

// Bit n of the result: term n alone has decided, once by being true and once by being false. That
// is so if two taken paths with different ends differ in it, and in nothing else that both have
// evaluated. `taken` has a count for each path, in the order of false before true; one that it
// lacks is 0. For a graph of which count_paths() is not 0.
std::uint64_t independent_terms(const DecisionGraph& graph, std::span<const std::uint64_t> taken);

// Which bit of a decision's bitmap Clang 19 and newer set for each path, in the same order: that
// many behind the first one of the decision.
std::vector<std::uint32_t> bits_of_paths(const DecisionGraph& graph);

// Likewise of Clang 18: bit n of the bit's number is set if the term with the identifier n is true.
std::vector<std::uint32_t> bits_of_paths_in_18(const DecisionGraph& graph,
                                               std::span<const std::uint64_t> identifiers);

}  // namespace gentle

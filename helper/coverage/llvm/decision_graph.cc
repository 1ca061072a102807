#include "coverage/llvm/decision_graph.h"

#include <algorithm>
#include <bit>
#include <deque>

namespace gentle {
namespace {

// Paths from each term on, from the first to the last of them.
class PathCounts {
 public:
  explicit PathCounts(const DecisionGraph& graph)
      : graph_(graph), states_(graph.next.size()), counts_(graph.next.size()) {}

  // 0 if there is no end.
  std::size_t from(std::uint16_t term) {
    if (term == DecisionGraph::kEnd) return 1;
    if (term >= states_.size() || states_[term] == State::kEntered) return 0;
    if (states_[term] == State::kLeft) return counts_[term];
    states_[term] = State::kEntered;
    std::size_t& count = counts_[term];
    for (const std::uint16_t next : graph_.next[term]) {
      const std::size_t more = from(next);
      if (more == 0) return 0;  // and so all before it
      count = std::min(count + more, DecisionGraph::kMostPaths + 1);
    }
    states_[term] = State::kLeft;
    return count;
  }

 private:
  enum class State { kUnknown, kEntered, kLeft };

  const DecisionGraph& graph_;
  std::vector<State> states_;
  std::vector<std::size_t> counts_;
};

struct Path {
  std::uint64_t evaluated = 0;  // bit n: term n
  std::uint64_t values = 0;
  bool end = false;
};

// Calls `visit` for each path, with what `add` makes of its terms and their values, one by one.
template <typename Step, typename Add, typename Visit>
void walk(const DecisionGraph& graph, std::uint16_t term, const Step& before, const Add& add,
          const Visit& visit) {
  for (const bool value : {false, true}) {
    const Step step = add(before, term, value);
    const std::uint16_t next = graph.next[term][value ? 1 : 0];
    if (next == DecisionGraph::kEnd) {
      visit(step);
    } else {
      walk(graph, next, step, add, visit);
    }
  }
}

Path longer_path(Path path, std::uint16_t term, bool value) {
  path.evaluated |= std::uint64_t{1} << term;
  if (value) path.values |= std::uint64_t{1} << term;
  path.end = value;
  return path;
}

// How far the bit of a path moves by what follows a term.
using BitOffsets = std::vector<std::array<std::uint32_t, 2>>;

// Clang numbers the paths so that those which end in the same way are neighbours: first those of
// the end that most paths lead to. Terms are looked at when all before them were.
class BitNumbering {
 public:
  explicit BitNumbering(const DecisionGraph& graph)
      : graph_(graph),
        widths_(graph.next.size()),
        entries_(graph.next.size()),
        offsets_(graph.next.size()) {}

  BitOffsets offsets() {
    for (const auto& next : graph_.next) {
      for (const std::uint16_t term : next) {
        if (term != DecisionGraph::kEnd) ++entries_[term];
      }
    }
    widths_[graph_.first] = 1;
    waiting_.push_back(graph_.first);
    while (!waiting_.empty()) {
      look_at(waiting_.front());
      waiting_.pop_front();
    }
    number_ends();
    return std::move(offsets_);
  }

 private:
  struct End {
    std::uint16_t term = 0;
    std::size_t value = 0;
  };

  void look_at(std::uint16_t term) {
    for (std::size_t value = 0; value < 2; ++value) {
      const std::uint16_t next = graph_.next[term][value];
      if (next == DecisionGraph::kEnd) {
        ends_.push_back({term, value});
        continue;
      }
      offsets_[term][value] = widths_[next];
      widths_[next] += widths_[term];
      if (--entries_[next] == 0) waiting_.push_back(next);
    }
  }

  // Of equal ones the one that was found first comes first.
  void number_ends() {
    std::uint32_t bit = 0;
    while (!ends_.empty()) {
      const auto widest = std::max_element(
          ends_.begin(), ends_.end(),
          [&](const End& a, const End& b) { return widths_[a.term] < widths_[b.term]; });
      offsets_[widest->term][widest->value] = bit;
      bit += widths_[widest->term];
      ends_.erase(widest);
    }
  }

  const DecisionGraph& graph_;
  std::vector<std::uint32_t> widths_;  // how many paths lead to the term
  std::vector<std::size_t> entries_;   // and from how many terms that nobody has looked at
  BitOffsets offsets_;
  std::deque<std::uint16_t> waiting_;
  std::vector<End> ends_;
};

}  // namespace

std::size_t count_paths(const DecisionGraph& graph) {
  const std::size_t terms = graph.next.size();
  if (terms == 0 || terms > DecisionGraph::kMostTerms || graph.first >= terms) return 0;
  const std::size_t count = PathCounts(graph).from(graph.first);
  return count > DecisionGraph::kMostPaths ? 0 : count;
}

std::uint64_t independent_terms(const DecisionGraph& graph, std::span<const std::uint64_t> taken) {
  std::array<std::vector<Path>, 2> paths;  // by their ends
  std::uint64_t terms = 0;
  std::size_t number = 0;
  walk(graph, graph.first, Path{}, longer_path, [&](const Path& path) {
    if (number < taken.size() && taken[number] > 0) paths[path.end ? 1 : 0].push_back(path);
    terms |= path.evaluated;
    ++number;
  });
  std::uint64_t independent = 0;
  for (const Path& one : paths[0]) {
    for (const Path& other : paths[1]) {
      const std::uint64_t both = one.evaluated & other.evaluated;
      const std::uint64_t different = (one.values ^ other.values) & both;
      if (std::has_single_bit(different)) independent |= different;
    }
    if (independent == terms) break;
  }
  return independent;
}

std::vector<std::uint32_t> bits_of_paths(const DecisionGraph& graph) {
  const BitOffsets offsets = BitNumbering(graph).offsets();
  const auto add = [&](std::uint32_t bit, std::uint16_t term, bool value) {
    return bit + offsets[term][value ? 1 : 0];
  };
  std::vector<std::uint32_t> bits;
  walk(graph, graph.first, std::uint32_t{0}, add, [&](std::uint32_t bit) { bits.push_back(bit); });
  return bits;
}

std::vector<std::uint32_t> bits_of_paths_in_18(const DecisionGraph& graph,
                                               std::span<const std::uint64_t> identifiers) {
  const auto add = [&](std::uint32_t bit, std::uint16_t term, bool value) {
    return value ? bit | 1U << identifiers[term] : bit;
  };
  std::vector<std::uint32_t> bits;
  walk(graph, graph.first, std::uint32_t{0}, add, [&](std::uint32_t bit) { bits.push_back(bit); });
  return bits;
}

}  // namespace gentle

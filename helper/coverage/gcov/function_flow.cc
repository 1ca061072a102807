#include "coverage/gcov/function_flow.h"

#include <algorithm>

namespace gentle {

void FlowGraph::read(std::span<const NotesArc> arcs, std::uint32_t blocks) {
  arcs_ = arcs;
  blocks_ = blocks;
  first_leaving_.assign(blocks + 1, 0);
  first_entering_.assign(blocks + 1, 0);
  for (const NotesArc& arc : arcs) {
    ++first_leaving_[arc.source];
    ++first_entering_[arc.destination];
  }
  // Each starts as its end, and moves to its begin while the arcs are put in, from the last on.
  for (std::uint32_t block = 1; block <= blocks; ++block) {
    first_leaving_[block] += first_leaving_[block - 1];
    first_entering_[block] += first_entering_[block - 1];
  }
  leaving_.resize(arcs.size());
  entering_.resize(arcs.size());
  for (auto i = static_cast<std::uint32_t>(arcs.size()); i-- > 0;) {
    entering_[--first_entering_[arcs[i].destination]] = i;
  }
  // Taken in the order of what they enter, they are sorted by it.
  for (auto i = arcs.size(); i-- > 0;) {
    leaving_[--first_leaving_[arcs[entering_[i]].source]] = entering_[i];
  }
}

std::span<const std::uint32_t> FlowGraph::leaving(std::uint32_t block) const {
  const std::uint32_t first = first_leaving_[block];
  return std::span(leaving_).subspan(first, first_leaving_[block + 1] - first);
}

std::span<const std::uint32_t> FlowGraph::entering(std::uint32_t block) const {
  const std::uint32_t first = first_entering_[block];
  return std::span(entering_).subspan(first, first_entering_[block + 1] - first);
}

void FunctionFlow::solve(const FlowGraph& graph, std::span<const std::uint64_t> counters) {
  const auto arcs = graph.arcs();
  arcs_.assign(arcs.size(), 0);
  blocks_.assign(graph.blocks(), 0);
  // Nothing but 0 follows from it: most of a library is not executed by one program.
  if (std::all_of(counters.begin(), counters.end(), [](auto count) { return count == 0; })) return;
  is_known_.assign(arcs.size(), 0);
  // All unknown at first; what has a counter is learnt, what follows from it then.
  entered_.assign(graph.blocks(), {});
  left_.assign(graph.blocks(), {});
  for (std::uint32_t block = 0; block < graph.blocks(); ++block) {
    entered_[block].unknown = static_cast<std::uint32_t>(graph.entering(block).size());
    left_[block].unknown = static_cast<std::uint32_t>(graph.leaving(block).size());
    entered_[block].is_open = block == kEntryBlock;
    left_[block].is_open = block == kExitBlock;
  }
  std::size_t counter = 0;
  for (std::uint32_t i = 0; i < arcs.size(); ++i) {
    if (arcs[i].has_counter()) learn(graph, i, counters[counter++]);
  }
  for (std::uint32_t block = 0; block < graph.blocks(); ++block) waiting_.push_back(block);
  while (!waiting_.empty()) {
    const std::uint32_t block = waiting_.back();
    waiting_.pop_back();
    settle(graph, block);
  }
  for (std::uint32_t block = 0; block < graph.blocks(); ++block) {
    const Side& side =
        entered_[block].is_open || entered_[block].unknown > 0 ? left_[block] : entered_[block];
    blocks_[block] = static_cast<std::int64_t>(side.known);
  }
}

void FunctionFlow::learn(const FlowGraph& graph, std::uint32_t arc, std::uint64_t count) {
  const NotesArc& ends = graph.arcs()[arc];
  arcs_[arc] = static_cast<std::int64_t>(count);
  is_known_[arc] = 1;
  Side& left = left_[ends.source];
  Side& entered = entered_[ends.destination];
  --left.unknown;
  left.known += count;
  --entered.unknown;
  entered.known += count;
}

// With one side known and one arc of the other not, that arc is the difference.
void FunctionFlow::settle(const FlowGraph& graph, std::uint32_t block) {
  const Side& entered = entered_[block];
  const Side& left = left_[block];
  if (entered.is_open || left.is_open || entered.unknown + left.unknown != 1) return;
  const bool is_leaving = left.unknown == 1;
  const std::uint32_t arc = unknown_of(is_leaving ? graph.leaving(block) : graph.entering(block));
  const NotesArc& ends = graph.arcs()[arc];
  learn(graph, arc, is_leaving ? entered.known - left.known : left.known - entered.known);
  waiting_.push_back(is_leaving ? ends.destination : ends.source);
}

std::uint32_t FunctionFlow::unknown_of(std::span<const std::uint32_t> arcs) const {
  return *std::find_if(arcs.begin(), arcs.end(),
                       [this](std::uint32_t arc) { return is_known_[arc] == 0; });
}

}  // namespace gentle

// How often each block and arc of a function was executed, from the counters of some of its arcs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coverage/gcov/unit_notes.h"

namespace gentle {

// The arcs of a function by the block that they leave and by the one that they enter. Made to be
// used for one function after the other: it keeps its memory.
class FlowGraph {
 public:
  // The arcs must live as long as they are asked for.
  void read(std::span<const NotesArc> arcs, std::uint32_t blocks);

  std::uint32_t blocks() const { return blocks_; }
  std::span<const NotesArc> arcs() const { return arcs_; }
  // Indexes of arcs. Those that leave are in the order of their destinations; of two with one
  // destination, the first of the file comes first.
  std::span<const std::uint32_t> leaving(std::uint32_t block) const;
  std::span<const std::uint32_t> entering(std::uint32_t block) const;

 private:
  std::uint32_t blocks_ = 0;
  std::span<const NotesArc> arcs_;
  std::vector<std::uint32_t> leaving_;
  std::vector<std::uint32_t> entering_;
  std::vector<std::uint32_t> first_leaving_;  // for each block, and one more
  std::vector<std::uint32_t> first_entering_;
};

// Counts may be negative, where threads have counted without -fprofile-update=atomic.
class FunctionFlow {
 public:
  // What enters a block leaves it. The arcs without a counter are a tree, so each one follows from
  // the others, leaf by leaf. Where bytes of a file lie and they are no tree, those that do not
  // follow stay 0. Takes time in proportion to the arcs.
  void solve(const FlowGraph& graph, std::span<const std::uint64_t> counters);

  std::int64_t of_arc(std::uint32_t arc) const { return arcs_[arc]; }
  std::int64_t of_block(std::uint32_t block) const { return blocks_[block]; }

 private:
  // Of a block, one side: what enters or what leaves.
  struct Side {
    std::uint32_t unknown = 0;  // arcs
    std::uint64_t known = 0;    // the sum of the others
    bool is_open = false;       // the entry is not entered, the exit not left: nothing follows
  };

  void learn(const FlowGraph& graph, std::uint32_t arc, std::uint64_t count);
  void settle(const FlowGraph& graph, std::uint32_t block);
  std::uint32_t unknown_of(std::span<const std::uint32_t> arcs) const;

  std::vector<std::int64_t> arcs_;
  std::vector<char> is_known_;
  std::vector<std::int64_t> blocks_;
  std::vector<Side> entered_;
  std::vector<Side> left_;
  std::vector<std::uint32_t> waiting_;  // blocks of which something may follow
};

}  // namespace gentle

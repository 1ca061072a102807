// How often the blocks of one line were executed again without leaving the line, as the body of a
// loop that stands on one line.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "coverage/gcov/function_flow.h"

namespace gentle {

// Made to be used for one line after the other: it keeps its memory.
class LineCycles {
 public:
  // At most so many arcs are looked at, over all lines.
  explicit LineCycles(std::uint64_t steps) : steps_(steps) {}

  // The sum over all elementary cycles of executed arcs within `blocks`, which are in the order of
  // their numbers: each cycle counts its smallest arc, by which all its arcs are then lowered. They
  // are taken by the lowest of their blocks, and then in the order in which arcs leave blocks.
  // Nothing if the steps are used up.
  //
  // A line may have exponentially many such cycles, but at most as many as it has arcs are found: a
  // path is followed only while all its arcs are left over and it can still become a cycle. So the
  // steps are at most the cube of the arcs of the line.
  std::optional<std::int64_t> count(const FlowGraph& graph, const FunctionFlow& flow,
                                    std::span<const std::uint32_t> blocks);

 private:
  struct Arc {
    std::uint32_t destination = 0;  // index of a block of the line
    std::int64_t left_over = 0;
  };
  struct Step {
    std::uint32_t block = 0;
    std::uint32_t next = 0;  // the arc to follow from here
  };

  void read(const FlowGraph& graph, const FunctionFlow& flow,
            std::span<const std::uint32_t> blocks);
  std::uint64_t count_from(std::uint32_t start);
  std::uint64_t close();
  bool step();
  bool can_return(std::uint32_t from, std::uint32_t start);

  std::vector<Arc> arcs_;
  std::vector<std::uint32_t> first_;  // arc of each block, and one more
  std::vector<std::uint32_t> index_;  // of a block of the function, among those of the line
  std::vector<char> is_closed_at_;    // a block can be the lowest of a cycle
  std::vector<Step> path_;
  std::vector<char> is_on_path_;
  std::vector<std::uint32_t> seen_;  // in which search
  std::vector<std::uint32_t> to_look_at_;
  std::uint32_t search_ = 0;
  std::uint64_t steps_;  // that are left
};

}  // namespace gentle

#include "coverage/gcov/line_cycles.h"

#include <algorithm>
#include <limits>

namespace gentle {
namespace {

constexpr std::uint32_t kElsewhere = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::optional<std::int64_t> LineCycles::count(const FlowGraph& graph, const FunctionFlow& flow,
                                              std::span<const std::uint32_t> blocks) {
  read(graph, flow, blocks);
  std::uint64_t sum = 0;
  for (std::uint32_t start = 0; start < blocks.size(); ++start) {
    if (is_closed_at_[start] != 0) sum += count_from(start);
  }
  for (const std::uint32_t block : blocks) index_[block] = kElsewhere;
  if (steps_ == 0) return std::nullopt;
  return static_cast<std::int64_t>(sum);
}

void LineCycles::read(const FlowGraph& graph, const FunctionFlow& flow,
                      std::span<const std::uint32_t> blocks) {
  if (index_.size() < graph.blocks()) index_.resize(graph.blocks(), kElsewhere);
  for (std::uint32_t i = 0; i < blocks.size(); ++i) index_[blocks[i]] = i;
  arcs_.clear();
  first_.clear();
  is_closed_at_.assign(blocks.size(), 0);
  for (std::uint32_t i = 0; i < blocks.size(); ++i) {
    first_.push_back(static_cast<std::uint32_t>(arcs_.size()));
    for (const std::uint32_t arc : graph.leaving(blocks[i])) {
      const std::uint32_t destination = index_[graph.arcs()[arc].destination];
      const std::int64_t count = flow.of_arc(arc);
      if (destination == kElsewhere || count <= 0) continue;
      arcs_.push_back({destination, count});
      if (destination <= i) is_closed_at_[destination] = 1;
    }
  }
  first_.push_back(static_cast<std::uint32_t>(arcs_.size()));
  is_on_path_.assign(blocks.size(), 0);
  seen_.assign(blocks.size(), 0);
  search_ = 0;
}

bool LineCycles::step() {
  if (steps_ > 0) --steps_;
  return steps_ > 0;
}

// All cycles whose lowest block is `start`, depth first.
std::uint64_t LineCycles::count_from(std::uint32_t start) {
  std::uint64_t sum = 0;
  path_.assign(1, {start, first_[start]});
  while (!path_.empty() && step()) {
    Step& step = path_.back();
    if (step.next == first_[step.block + 1]) {
      is_on_path_[step.block] = 0;
      path_.pop_back();
      if (!path_.empty()) ++path_.back().next;
      continue;
    }
    const Arc& arc = arcs_[step.next];
    if (arc.left_over > 0 && arc.destination == start) {
      sum += close();
    } else if (arc.left_over > 0 && can_return(arc.destination, start)) {
      is_on_path_[arc.destination] = 1;
      path_.push_back({arc.destination, first_[arc.destination]});
    } else {
      ++step.next;
    }
  }
  return sum;
}

// The path is a cycle. It goes on before its first arc that is used up: with that one, all further
// cycles would count nothing.
std::uint64_t LineCycles::close() {
  std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
  for (const Step& step : path_) smallest = std::min(smallest, arcs_[step.next].left_over);
  std::size_t used_up = path_.size();
  for (std::size_t i = path_.size(); i-- > 0;) {
    Arc& arc = arcs_[path_[i].next];
    arc.left_over -= smallest;
    if (arc.left_over == 0) used_up = i;
  }
  while (path_.size() > used_up + 1) {
    is_on_path_[path_.back().block] = 0;
    path_.pop_back();
  }
  ++path_.back().next;
  return static_cast<std::uint64_t>(smallest);
}

// Whether a path leads on to `start`, by blocks that are not lower than it and not on the path.
bool LineCycles::can_return(std::uint32_t from, std::uint32_t start) {
  const auto is_free = [&](std::uint32_t block) {
    return block > start && is_on_path_[block] == 0 && seen_[block] != search_;
  };
  ++search_;
  if (!is_free(from)) return false;
  seen_[from] = search_;
  to_look_at_.assign(1, from);
  while (!to_look_at_.empty()) {
    const std::uint32_t block = to_look_at_.back();
    to_look_at_.pop_back();
    for (std::uint32_t i = first_[block]; i < first_[block + 1] && step(); ++i) {
      if (arcs_[i].left_over <= 0) continue;
      if (arcs_[i].destination == start) return true;
      if (!is_free(arcs_[i].destination)) continue;
      seen_[arcs_[i].destination] = search_;
      to_look_at_.push_back(arcs_[i].destination);
    }
  }
  return false;
}

}  // namespace gentle

#include "coverage/gcov/unit_lines.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "coverage/gcov/function_flow.h"
#include "coverage/gcov/line_cycles.h"

namespace gentle {
namespace {

// Objects of real programs need less than one step for each arc.
constexpr std::uint64_t kMostStepsForAnArc = 1000;
constexpr std::uint64_t kMostStepsAnyway = 1 << 20;

constexpr std::size_t kNoDecision = SIZE_MAX;

// Counts of a hostile file wrap around.
void add(std::int64_t& sum, std::int64_t count) {
  sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) +
                                  static_cast<std::uint64_t>(count));
}

// What one function adds to one line.
struct LinePart {
  std::uint32_t source = 0;
  std::uint32_t line = 0;
  std::uint32_t function = kNoFunction;  // the function that has the line for itself
  bool has_blocks = false;               // a block counts on this line
  bool has_unexecuted_block = false;
  std::int64_t count = 0;    // of the blocks that count here
  std::int64_t touched = 0;  // the sum of all blocks that stand here
  NotesRange branches;
  NotesRange decisions;
};

// Where a part belongs: by the source and the function that has the line for itself, if one has;
// then by the line, and at last by its number.
struct PartOrder {
  std::uint64_t whose = 0;
  std::uint64_t line = 0;

  std::uint32_t part() const { return static_cast<std::uint32_t>(line); }
  bool is_same_line(const PartOrder& other) const {
    return whose == other.whose && line >> 32 == other.line >> 32;
  }
};

// Which functions of the sources that matter have their lines for themselves: those that begin on a
// line with another one.
std::vector<char> functions_apart(const UnitNotes& notes, const std::vector<char>& matters) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> begins;  // source and line, number
  for (std::uint32_t i = 0; i < notes.functions.size(); ++i) {
    const FunctionNotes& function = notes.functions[i];
    if (function.is_artificial || matters[function.source] == 0) continue;
    begins.emplace_back(std::uint64_t{function.source} << 32 | function.start_line, i);
  }
  std::sort(begins.begin(), begins.end());
  std::vector<char> apart(notes.functions.size(), 0);
  for (std::size_t i = 1; i < begins.size(); ++i) {
    if (begins[i - 1].first != begins[i].first) continue;
    apart[begins[i - 1].second] = 1;
    apart[begins[i].second] = 1;
  }
  return apart;
}

class UnitCounter {
 public:
  UnitCounter(const UnitNotes& notes, const UnitCounters& counters, const SourceMatters& matters)
      : notes_(notes),
        counters_(counters),
        cycles_(kMostStepsAnyway + kMostStepsForAnArc * notes.arcs.size()) {
    result_.directory = notes.directory;
    for (const std::string& source : notes.sources) {
      matters_.push_back(matters(result_.sources.size()) ? 1 : 0);
      result_.sources.push_back({source, {}, {}});
    }
    is_apart_ = functions_apart(notes, matters_);
  }

  UnitLines count() {
    for (std::uint32_t i = 0; i < notes_.functions.size(); ++i) {
      const FunctionNotes& function = notes_.functions[i];
      if (!function.is_artificial && matters(function)) count_function(i);
    }
    join_parts();
    name_functions();
    return std::move(result_);
  }

 private:
  // One block on one line.
  struct Stand {
    std::uint64_t key = 0;  // source and line
    std::uint32_t order = 0;
    std::uint32_t block = 0;
    bool counts = false;  // the block counts there, and does not only stand there
  };

  // Functions are inlined: what stands in a header may be a line of its user.
  bool matters(const FunctionNotes& function) const {
    if (matters_[function.source] != 0) return true;
    const auto places = notes_.places_of(function);
    return std::any_of(places.begin(), places.end(),
                       [this](const NotesPlace& place) { return matters_[place.source] != 0; });
  }

  void count_function(std::uint32_t index) {
    function_ = &notes_.functions[index];
    graph_.read(notes_.arcs_of(*function_), function_->blocks);
    flow_.solve(graph_, counters_.arcs_of(index));
    mark_blocks();
    find_decisions();
    add_function(index);
    read_stands();
    for (std::size_t begin = 0; begin < stands_.size();) {
      std::size_t end = begin + 1;
      while (end < stands_.size() && stands_[end].key == stands_[begin].key) ++end;
      count_line(index, std::span(stands_).subspan(begin, end - begin));
      begin = end;
    }
  }

  void add_function(std::uint32_t index) {
    std::uint32_t executed = 0;
    for (std::uint32_t block = 1; block + 1 < function_->blocks; ++block) {
      if (flow_.of_block(block) != 0) ++executed;
    }
    SourceCount& source = result_.sources[function_->source];
    places_.resize(notes_.functions.size());
    places_[index] = static_cast<std::uint32_t>(source.functions.size());
    source.functions.push_back({function_->name, function_->start_line, function_->start_column,
                                function_->end_line, function_->end_column,
                                function_->blocks > 0 ? flow_.of_block(kEntryBlock) : 0, returns(),
                                std::max(function_->blocks, 2U) - 2, executed});
  }

  // What leaves it by a throw or a call that does not come back enters its exit by a fake arc.
  std::int64_t returns() const {
    std::int64_t sum = 0;
    if (function_->blocks <= kExitBlock) return sum;
    for (const std::uint32_t arc : graph_.entering(kExitBlock)) {
      if (!graph_.arcs()[arc].is_fake()) sum += flow_.of_arc(arc);
    }
    return sum;
  }

  // Which blocks end with a call that may throw, and which ones only a throw reaches.
  void mark_blocks() {
    const std::uint32_t blocks = graph_.blocks();
    is_call_.assign(blocks, 0);
    for (const NotesArc& arc : graph_.arcs()) {
      if (arc.is_fake() && arc.source != kEntryBlock) is_call_[arc.source] = 1;
    }
    line_of_.assign(blocks, 0);
    line_number_ = 0;
    is_usual_.assign(blocks, 0);
    const auto arcs = graph_.arcs();
    if (std::none_of(arcs.begin(), arcs.end(), [this](auto& arc) { return is_throw(arc); })) {
      is_usual_.assign(blocks, 1);
    } else if (blocks > 0) {
      reach(kEntryBlock);
    }
  }

  // Marks what the program reaches from a block without a throw.
  void reach(std::uint32_t first) {
    const auto mark = [&](std::uint32_t block) {
      if (is_usual_[block] != 0) return;
      is_usual_[block] = 1;
      to_look_at_.push_back(block);
    };
    mark(first);
    while (!to_look_at_.empty()) {
      const std::uint32_t block = to_look_at_.back();
      to_look_at_.pop_back();
      for (const std::uint32_t arc : graph_.leaving(block)) {
        if (!is_throw(graph_.arcs()[arc])) mark(graph_.arcs()[arc].destination);
      }
    }
  }

  bool is_throw(const NotesArc& arc) const {
    return is_call_[arc.source] != 0 && !arc.is_fake() && !arc.is_fall_through();
  }

  // A block counts once for each of its places, on the last line of it; for one without lines, on
  // that of the place before. The last block of a function counts nowhere.
  void read_stands() {
    stands_.clear();
    std::uint32_t block = kEntryBlock;
    std::uint64_t last = 0;
    for (const NotesPlace& place : notes_.places_of(*function_)) {
      if (place.block != block) last = 0;
      block = place.block;
      const auto lines = notes_.lines_of(place);
      if (!lines.empty()) last = key_of(place, *std::max_element(lines.begin(), lines.end()));
      for (const std::uint32_t line : lines) add_stand(key_of(place, line), block, false);
      if (last != 0 && block + 1 < function_->blocks) add_stand(last, block, true);
    }
    std::sort(stands_.begin(), stands_.end(), [](const Stand& a, const Stand& b) {
      return std::tie(a.key, a.order) < std::tie(b.key, b.order);
    });
  }

  static std::uint64_t key_of(const NotesPlace& place, std::uint32_t line) {
    return std::uint64_t{place.source} << 32 | line;
  }

  void add_stand(std::uint64_t key, std::uint32_t block, bool counts) {
    stands_.push_back({key, static_cast<std::uint32_t>(stands_.size()), block, counts});
  }

  void count_line(std::uint32_t index, std::span<const Stand> stands) {
    LinePart part;
    part.source = static_cast<std::uint32_t>(stands.front().key >> 32);
    part.line = static_cast<std::uint32_t>(stands.front().key);
    if (is_own_line(index, part)) part.function = index;
    part.branches.begin = static_cast<std::uint32_t>(result_.branches.size());
    part.decisions.begin = static_cast<std::uint32_t>(result_.decisions.size());
    blocks_.clear();
    for (const Stand& stand : stands) {
      if (stand.counts) {
        blocks_.push_back(stand.block);
        continue;
      }
      const std::int64_t count = flow_.of_block(stand.block);
      add(part.touched, count);
      if (count == 0 && is_usual_[stand.block] != 0) part.has_unexecuted_block = true;
    }
    part.has_blocks = !blocks_.empty();
    count_blocks(part);
    parts_.push_back(part);
  }

  bool is_own_line(std::uint32_t index, const LinePart& part) const {
    return is_apart_[index] != 0 && part.source == function_->source &&
           part.line >= function_->start_line && part.line <= function_->end_line;
  }

  // What enters the line from elsewhere, and what stays on it.
  void count_blocks(LinePart& part) {
    ++line_number_;
    for (const std::uint32_t block : blocks_) line_of_[block] = line_number_;
    bool may_cycle = false;
    for (const std::uint32_t block : blocks_) {
      if (block == kEntryBlock) add(part.count, flow_.of_block(block));
      for (const std::uint32_t arc : graph_.entering(block)) {
        const std::uint32_t source = graph_.arcs()[arc].source;
        const std::int64_t count = flow_.of_arc(arc);
        if (line_of_[source] != line_number_) {
          add(part.count, count);
        } else if (source >= block && count != 0) {
          may_cycle = true;
        }
      }
      add_branches(block);
    }
    part.branches.size = static_cast<std::uint32_t>(result_.branches.size()) - part.branches.begin;
    part.decisions.size =
        static_cast<std::uint32_t>(result_.decisions.size()) - part.decisions.begin;
    if (!may_cycle) return;
    std::sort(blocks_.begin(), blocks_.end());
    blocks_.erase(std::unique(blocks_.begin(), blocks_.end()), blocks_.end());
    const auto count = cycles_.count(graph_, flow_, blocks_);
    if (!count) throw Error("count lines", notes_.name, "its lines have too many loops");
    add(part.count, *count);
  }

  // An arc is a branch unless it is the only one that the program can take, or fake.
  void add_branches(std::uint32_t block) {
    const auto arcs = graph_.leaving(block);
    std::size_t real = 0;
    std::size_t throws = 0;
    for (const std::uint32_t arc : arcs) {
      if (!graph_.arcs()[arc].is_fake()) ++real;
      if (is_throw(graph_.arcs()[arc])) ++throws;
    }
    if (real > 1) {
      const bool decides_only_by_throw = real - throws <= 1;
      for (const std::uint32_t index : arcs) add_branch(index, decides_only_by_throw);
    }
    add_decision(block);
  }

  void add_branch(std::uint32_t index, bool decides_only_by_throw) {
    const NotesArc& arc = graph_.arcs()[index];
    if (arc.is_fake()) return;
    result_.branches.push_back({flow_.of_arc(index), arc.source, arc.destination,
                                arc.is_fall_through(), is_throw(arc),
                                decides_only_by_throw || is_throw(arc)});
  }

  void add_decision(std::uint32_t block) {
    if (decision_of_.empty() || decision_of_[block] == kNoDecision) return;
    const std::size_t index = decision_of_[block];
    const auto bits = counters_.decisions_of(*function_);
    result_.decisions.push_back(
        {notes_.decisions_of(*function_)[index].terms, bits[2 * index], bits[2 * index + 1]});
  }

  void find_decisions() {
    decision_of_.clear();
    const auto decisions = notes_.decisions_of(*function_);
    if (decisions.empty()) return;
    decision_of_.assign(function_->blocks, kNoDecision);
    for (std::size_t i = 0; i < decisions.size(); ++i) decision_of_[decisions[i].block] = i;
  }

  // Parts of one line, in the order of their functions, become the line.
  void join_parts() {
    std::vector<PartOrder> order(parts_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      const LinePart& part = parts_[i];
      const std::uint32_t function = part.function == kNoFunction ? 0 : part.function + 1;
      order[i] = {std::uint64_t{part.source} << 32 | function, std::uint64_t{part.line} << 32 | i};
    }
    std::sort(order.begin(), order.end(), [](const PartOrder& a, const PartOrder& b) {
      return a.whose != b.whose ? a.whose < b.whose : a.line < b.line;
    });
    const UnitLines unjoined = {{}, {}, std::move(result_.branches), std::move(result_.decisions)};
    result_.branches = {};
    result_.decisions = {};
    for (std::size_t i = 0; i < order.size();) {
      std::size_t end = i + 1;
      while (end < order.size() && order[i].is_same_line(order[end])) ++end;
      join(unjoined, std::span(order).subspan(i, end - i));
      i = end;
    }
  }

  void join(const UnitLines& unjoined, std::span<const PartOrder> orders) {
    const LinePart& first = parts_[orders.front().part()];
    LineCount line;
    line.line = first.line;
    if (first.function != kNoFunction) line.function = places_[first.function];
    line.branches.begin = static_cast<std::uint32_t>(result_.branches.size());
    line.decisions.begin = static_cast<std::uint32_t>(result_.decisions.size());
    bool has_blocks = false;
    std::int64_t touched = 0;
    for (const PartOrder& order : orders) {
      const LinePart& part = parts_[order.part()];
      has_blocks = has_blocks || part.has_blocks;
      add(line.count, part.count);
      add(touched, part.touched);
      line.has_unexecuted_block = line.has_unexecuted_block || part.has_unexecuted_block;
      append(result_.branches, unjoined.branches, part.branches, line.branches);
      append(result_.decisions, unjoined.decisions, part.decisions, line.decisions);
    }
    if (!has_blocks) line.count = touched;
    result_.sources[first.source].lines.push_back(line);
  }

  template <typename Item>
  static void append(std::vector<Item>& to, const std::vector<Item>& from, NotesRange range,
                     NotesRange& grown) {
    to.insert(to.end(), from.begin() + range.begin, from.begin() + range.begin + range.size);
    grown.size += range.size;
  }

  // A line that no function has for itself belongs to the innermost function around it; those that
  // have their lines for themselves stand around no other line.
  void name_functions() {
    std::vector<std::vector<std::uint32_t>> starts(result_.sources.size());
    for (std::uint32_t i = 0; i < notes_.functions.size(); ++i) {
      const FunctionNotes& function = notes_.functions[i];
      if (!function.is_artificial && is_apart_[i] == 0) starts[function.source].push_back(i);
    }
    for (std::size_t i = 0; i < starts.size(); ++i) {
      if (matters_[i] == 0) continue;  // not all of its functions are counted
      std::sort(starts[i].begin(), starts[i].end(), [this](std::uint32_t a, std::uint32_t b) {
        return notes_.functions[a].start_line < notes_.functions[b].start_line;
      });
      name_functions(result_.sources[i], starts[i]);
    }
  }

  void name_functions(SourceCount& source, std::span<const std::uint32_t> starts) {
    std::vector<std::uint32_t> around;
    for (LineCount& line : source.lines) {
      if (line.function != kNoFunction) continue;
      for (; !starts.empty() && notes_.functions[starts.front()].start_line <= line.line;
           starts = starts.subspan(1)) {
        around.push_back(starts.front());
      }
      while (!around.empty() && notes_.functions[around.back()].end_line < line.line) {
        around.pop_back();
      }
      if (!around.empty()) line.function = places_[around.back()];
    }
  }

  const UnitNotes& notes_;
  const UnitCounters& counters_;
  std::vector<char> matters_;   // each source
  std::vector<char> is_apart_;  // each function
  UnitLines result_;
  std::vector<LinePart> parts_;
  std::vector<std::uint32_t> places_;  // of each function, in SourceCount::functions

  // Of the function that is counted.
  const FunctionNotes* function_ = nullptr;
  FlowGraph graph_;
  FunctionFlow flow_;
  LineCycles cycles_;
  std::vector<std::size_t> decision_of_;  // of each block; empty if there is none
  std::vector<char> is_call_;
  std::vector<char> is_usual_;  // reached without a throw
  std::vector<std::uint32_t> to_look_at_;
  std::vector<Stand> stands_;
  std::vector<std::uint32_t> blocks_;   // of a line
  std::vector<std::uint32_t> line_of_;  // of each block: which one is counted
  std::uint32_t line_number_ = 0;
};

}  // namespace

UnitLines count_unit_lines(const UnitNotes& notes, const UnitCounters& counters,
                           const SourceMatters& matters) {
  return UnitCounter(notes, counters, matters).count();
}

}  // namespace gentle

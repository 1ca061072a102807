#include "coverage/report/forked_llvm.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "coverage/combine/packed_llvm.h"
#include "coverage/llvm/llvm_lines.h"

namespace gentle {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();

// llvm-cov subtracts without a sign, and prints this or more for what is below zero.
std::uint64_t not_below_zero(std::uint64_t count) { return count >= kLargest ? 0 : count; }

std::uint64_t sum(std::uint64_t a, std::uint64_t b) {
  return a > kLargest - std::min(b, kLargest) ? kLargest : a + b;
}

void drop_below_zero(LlvmCounted& counted) {
  for (PackedPart& function : counted.functions) {
    for (std::uint64_t& count : function.counts) count = not_below_zero(count);
  }
}

using Lines = std::map<std::uint32_t, std::int64_t>;

// Of each line what belongs to it, as numbers that add up. Before numbers below zero are dropped.
std::optional<std::vector<LlvmLine>> regions_of(const LlvmCounted& counted, const std::string& name,
                                                const Lines& lines) {
  const auto segments = counted.segments.find(name);
  if (segments == counted.segments.end()) return std::nullopt;
  return additive_lines(segments->second, lines);
}

void add_lines(const LlvmCounted& more, const std::string& name, bool is_forked, Lines& lines,
               std::optional<std::vector<LlvmLine>>& regions) {
  const auto source = more.sources.find(name);
  if (source == more.sources.end()) return;
  auto other = regions_of(more, name, source->second.lines);
  if (regions && other && regions->size() == other->size()) {
    for (std::size_t i = 0; i < regions->size(); ++i) {
      LlvmLine& line = (*regions)[i];
      const LlvmLine& more_of_it = (*other)[i];
      for (std::size_t j = 0; j < std::min(line.counts.size(), more_of_it.counts.size()); ++j) {
        const std::uint64_t count = more_of_it.counts[j];
        line.counts[j] = sum(line.counts[j], is_forked ? not_below_zero(count) : count);
      }
      lines[line.line] = line.count();
    }
    return;
  }
  regions.reset();
  for (const auto& [line, count] : source->second.lines) {
    const auto positive = static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0));
    lines[line] = static_cast<std::int64_t>(
        sum(static_cast<std::uint64_t>(std::max<std::int64_t>(lines[line], 0)),
            is_forked ? not_below_zero(positive) : positive));
  }
}

// Segments that additive_lines() makes these of again. Those of llvm-cov cannot be added up: it
// leaves out one whose count is that of the segment before it.
std::vector<LlvmSegment> segments_of(const std::vector<LlvmLine>& lines) {
  std::vector<LlvmSegment> segments;
  for (const LlvmLine& line : lines) {
    segments.push_back({line.line - 1, line.counts.front(), true, false, false});
    for (std::size_t i = 1; i < line.counts.size(); ++i) {
      segments.push_back({line.line, line.counts[i], true, true, false});
    }
  }
  return segments;
}

void add_counts(const std::vector<std::uint64_t>& more, std::vector<std::uint64_t>& counts) {
  for (std::size_t i = 0; i < std::min(more.size(), counts.size()); ++i) {
    counts[i] = sum(counts[i], more[i]);
  }
}

// Of two files each may have a function of its own that looks the same.
void add_functions(const LlvmCounted& more, LlvmCounted& result) {
  std::map<std::string, std::deque<std::size_t>> known;
  for (std::size_t i = 0; i < result.functions.size(); ++i) {
    known[result.functions[i].bytes].push_back(i);
  }
  for (const PackedPart& function : more.functions) {
    std::deque<std::size_t>& same = known[function.bytes];
    if (same.empty()) {
      result.functions.push_back(function);
    } else {
      add_counts(function.counts, result.functions[same.front()].counts);
      same.pop_front();
    }
  }
}

// Those of which a packed function does not know the paths.
void add_decisions(const LlvmCounted& more, LlvmExport& sources) {
  for (const auto& [name, source] : more.sources) {
    for (const auto& [place, decision] : source.decisions) {
      ExportedDecision& known = sources[name].decisions[place];
      known.terms = decision.terms;
      known.covered |= decision.covered;
    }
  }
}

}  // namespace

LlvmCounted sum_of_generations(std::vector<LlvmGeneration> generations) {
  LlvmCounted result = generations.front().counted;
  std::map<std::string, Lines> lines;
  for (const auto& [name, source] : result.sources) {
    Lines& of_source = lines[name];
    for (const auto& [line, count] : source.lines) of_source[line] = 0;
    std::optional<std::vector<LlvmLine>> regions = regions_of(result, name, source.lines);
    if (regions) {
      for (LlvmLine& line : *regions) std::fill(line.counts.begin(), line.counts.end(), 0);
    }
    for (const LlvmGeneration& each : generations) {
      add_lines(each.counted, name, each.forks > 0, of_source, regions);
    }
    if (regions) {
      result.segments[name] = segments_of(*regions);
    } else {
      result.segments.erase(name);
    }
  }
  for (LlvmGeneration& each : generations) {
    if (each.forks > 0) drop_below_zero(each.counted);
  }
  if (generations.front().forks > 0) drop_below_zero(result);
  for (std::size_t i = 1; i < generations.size(); ++i) {
    add_functions(generations[i].counted, result);
    result.undecided.merge(generations[i].counted.undecided);
  }
  LlvmExport sources;
  for (const PackedPart& function : result.functions) {
    add_llvm_part(function.bytes, function.counts, sources);
  }
  for (auto& [name, of_source] : lines) sources[name].lines = std::move(of_source);
  for (const LlvmGeneration& each : generations) add_decisions(each.counted, sources);
  result.sources = std::move(sources);
  return result;
}

}  // namespace gentle

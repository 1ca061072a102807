#include "coverage/llvm/llvm_lines.h"

#include <algorithm>
#include <limits>

namespace gentle {

std::int64_t LlvmLine::count() const {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  std::uint64_t largest = 0;
  for (const std::uint64_t count : counts) largest = std::max(largest, count);
  return static_cast<std::int64_t>(std::min(largest, kLargest));
}

std::optional<std::vector<LlvmLine>> additive_lines(
    const std::vector<LlvmSegment>& segments, const std::map<std::uint32_t, std::int64_t>& lines) {
  const auto is_before = [](const LlvmSegment& a, const LlvmSegment& b) { return a.line < b.line; };
  if (!std::is_sorted(segments.begin(), segments.end(), is_before)) return std::nullopt;
  std::vector<LlvmLine> result;
  result.reserve(lines.size());
  auto next = segments.begin();
  for (const auto& [number, count] : lines) {
    while (next != segments.end() && next->line < number) ++next;
    const std::uint64_t before = next == segments.begin() ? 0 : std::prev(next)->count;
    LlvmLine line{number, {before}};
    for (; next != segments.end() && next->line == number; ++next) {
      if (next->is_entry && next->has_count && !next->is_gap) line.counts.push_back(next->count);
    }
    if (line.count() != count) return std::nullopt;
    result.push_back(std::move(line));
  }
  return result;
}

}  // namespace gentle

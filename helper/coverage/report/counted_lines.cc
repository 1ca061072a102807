#include "coverage/report/counted_lines.h"

namespace gentle {

CountedLines counted_lines(const CoverageTable& table) {
  CountedLines counted;
  for (const auto& [path, source] : table.sources()) {
    std::vector<std::uint32_t>& lines = counted[path];
    for (const auto& [number, line] : source.lines) {
      if (!line.is_excluded) lines.push_back(number);
    }
  }
  return counted;
}

}  // namespace gentle

#include "coverage/report/count_rules.h"

#include <atomic>
#include <cstddef>
#include <limits>

#include "coverage/formats/demangled.h"
#include "os/worker_threads.h"

namespace gentle {
namespace {

// What is wrong with the counts of a source, and the first line where.
struct OddCounts {
  std::uint32_t negative = 0;
  std::uint32_t too_large = 0;
};

// As threads leave negative ones that count without -fprofile-update=atomic. None is shown: it
// would stand for "so many times less than never".
OddCounts take_negative_for_none(TableSource& source) {
  OddCounts odd;
  const auto look = [&](std::int64_t& count, std::uint32_t line) {
    if (count == std::numeric_limits<std::int64_t>::max() && odd.too_large == 0) {
      odd.too_large = line;
    }
    if (count >= 0) return;
    count = 0;
    if (odd.negative == 0) odd.negative = line;
  };
  for (auto& [number, line] : source.lines) {
    look(line.count, number);
    for (BranchGroup& group : line.groups) {
      for (TableBranch& branch : group.branches) look(branch.count, number);
    }
  }
  for (auto& [key, function] : source.functions) look(function.count, key.second);
  return odd;
}

}  // namespace

void exclude(TableSource& source, const std::set<std::uint32_t>& lines,
             const std::set<std::uint32_t>& branches) {
  for (const std::uint32_t number : lines) {
    if (const auto line = source.lines.find(number); line != source.lines.end()) {
      line->second.is_excluded = true;
    }
  }
  for (const std::uint32_t number : branches) {
    if (const auto line = source.lines.find(number); line != source.lines.end()) {
      line->second.groups.clear();
    }
  }
}

void look_for_odd_counts(const std::string& path, TableSource& source,
                         std::vector<std::string>& warnings) {
  const OddCounts odd = take_negative_for_none(source);
  const std::string begin = "gentle: warning: count source '" + path + "': its counts are ";
  if (odd.negative != 0) {
    warnings.push_back(begin + "below zero, at line " + std::to_string(odd.negative) +
                       " first, as threads leave them that count at the same time; they are taken "
                       "for 0, -fprofile-update=atomic keeps them, continuing");
  }
  if (odd.too_large != 0) {
    warnings.push_back(begin + "too large, at line " + std::to_string(odd.too_large) +
                       " first; the largest number stands for them, continuing");
  }
}

void name_functions(CoverageTable& table) {
  std::vector<TableSource*> sources;
  for (auto& [path, source] : table.sources()) sources.push_back(&source);
  std::atomic<std::size_t> next = 0;
  run_workers(sources.size(), [&] {
    for (std::size_t i = next++; i < sources.size(); i = next++) {
      for (auto& [key, function] : sources[i]->functions) function.name = demangled(key.first);
    }
  });
}

}  // namespace gentle

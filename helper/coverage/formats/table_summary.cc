#include "coverage/formats/table_summary.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "os/worker_threads.h"

namespace gentle {
namespace {

void count_one(Share& share, std::int64_t count) {
  share.add({count > 0 ? std::uint64_t{1} : std::uint64_t{0}, 1});
}

}  // namespace

FileSummary summarize_lines(const std::string& path, const TableSource& source,
                            const FormatOptions& options) {
  FileSummary file{shown_name(path, options), {}, {}, {}};
  for (const auto& [number, line] : source.lines) {
    if (!line.is_excluded) count_one(file.lines, line.count);
    visit_branches(line, options, [&](std::size_t, std::size_t, const TableBranch& branch) {
      count_one(file.branches, branch.count);
    });
    visit_decisions(
        line, [&](const TableDecision& decision) { file.conditions.add(share_of(decision)); });
  }
  return file;
}

Share share_of(const std::vector<CountedFunction>& functions) {
  Share share;
  for (const CountedFunction& function : functions) count_one(share, function.counts.count);
  return share;
}

CoverageSummary summarize(const CoverageTable& table, const FormatOptions& options) {
  CoverageSummary summary;
  summary.files.resize(table.sources().size());
  std::vector<const std::pair<const std::string, TableSource>*> sources;
  for (const auto& each : table.sources()) sources.push_back(&each);
  std::atomic<std::size_t> next = 0;
  run_workers(sources.size(), [&] {
    for (std::size_t i = next++; i < sources.size(); i = next++) {
      const auto& [path, source] = *sources[i];
      summary.files[i] = summarize_lines(path, source, options);
      summary.files[i].functions = share_of(counted_functions(source));
    }
  });
  for (const FileSummary& file : summary.files) {
    summary.lines.add(file.lines);
    summary.branches.add(file.branches);
    summary.functions.add(file.functions);
    summary.conditions.add(file.conditions);
  }
  return summary;
}

std::vector<FileSummary> worst_files(const CoverageSummary& summary, std::size_t most) {
  std::vector<FileSummary> files = summary.files;
  if (files.size() > most) {
    const auto missing = [](const FileSummary& file) {
      return file.lines.total - file.lines.covered;
    };
    std::sort(files.begin(), files.end(), [&](const FileSummary& a, const FileSummary& b) {
      return missing(a) != missing(b) ? missing(a) > missing(b) : a.file < b.file;
    });
    files.resize(most);
  }
  std::sort(files.begin(), files.end(),
            [](const FileSummary& a, const FileSummary& b) { return a.file < b.file; });
  return files;
}

}  // namespace gentle

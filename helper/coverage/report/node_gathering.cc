#include "coverage/report/node_gathering.h"

#include <cstdint>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "coverage/merge/object_files.h"
#include "coverage/report/source_choice.h"

namespace gentle {
namespace {

// By the number that the recorder gives (languages/assets/node/gentle_node_sources.cjs).
constexpr std::string_view kReasons[] = {
    "for a reason that this version of gentle does not know, it is not counted",
    "another tool has changed its text before Node compiled it, so it is not counted",
    "the recorder cannot read its syntax, so it is not counted",
    "it is no JavaScript before it is loaded, so it is not counted",
    "another tool compiles it by itself, as Jest does, so it is not counted there",
    "it has changed since its JavaScript was made, so it is not counted: build again",
    "it is newer than its JavaScript, so its lines may be wrong: build again",
    "the recorder could not be loaded there any more, so it is not counted",
};

// One for each reason: a project in TypeScript may have many of them.
void add_uncounted_warnings(const RecordedLines& recorded, const CoverageSpec& spec,
                            const WorkFiles& work, const Environment& environment,
                            RecordedTable& gathered) {
  std::vector<std::string> paths;
  for (const auto& [path, reason] : recorded.uncounted) paths.push_back(path);
  if (paths.empty()) return;
  std::map<std::uint32_t, std::vector<std::string>> by_reason;
  for (const auto& [path, fate] :
       choose_sources(spec, path_without_links(spec.root), paths, work, environment)) {
    const std::uint32_t reason = recorded.uncounted.at(path);
    if (fate == SourceFate::kCounted) {
      by_reason[reason < std::size(kReasons) ? reason : 0].push_back(path);
      if (!gathered.table.sources().contains(path)) gathered.uncounted.insert(path);
    }
  }
  for (const auto& [reason, sources] : by_reason) {
    std::string what(kReasons[reason]);
    if (sources.size() > 1)
      what += "; the same for " + std::to_string(sources.size() - 1) + " more";
    gathered.warnings.push_back(line_warning(Language::kNode, sources.front(), what));
  }
}

TableSource counts_of(const SourceLines& lines) {
  TableSource source;
  for (const std::uint32_t line : lines.statements) source.lines[line];
  for (const std::uint32_t line : lines.executed) source.lines[line].count = 1;
  std::uint32_t way = 0;
  for (const HitBranch& branch : lines.branches) {
    std::vector<bool> taken;
    for (std::uint32_t i = 0; i < branch.ways; ++i) taken.push_back(lines.ways.contains(++way));
    add_branch(source.lines[branch.line], taken);
  }
  return source;
}

}  // namespace

RecordedTable gather_node(const std::vector<std::string>& hits, const CoverageSpec& spec,
                          const WorkFiles& work, const Environment& environment) {
  RecordedTable gathered;
  RecordedLines recorded = read_recorded_lines(Language::kNode, hits);
  gathered.warnings = recorded.warnings;
  try {
    for (const auto& [path, lines] :
         choose_recorded_lines(Language::kNode, recorded, spec, work, environment, gathered)) {
      if (!lines.statements.empty()) gathered.table.sources()[path] = counts_of(lines);
    }
    add_uncounted_warnings(recorded, spec, work, environment, gathered);
  } catch (const Error& error) {
    gathered.failures.push_back(error);
  }
  for (std::string& line : missing_warnings(gathered.absent)) {
    gathered.warnings.push_back(std::move(line));
  }
  return gathered;
}

}  // namespace gentle

#include "coverage/report/recorded_lines.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/number.h"
#include "coverage/languages/hits.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/source_choice.h"
#include "os/data_file.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::size_t kLargestNames = std::size_t{64} << 20U;

std::string recorder_warning(const std::string& operation, Language language,
                             const std::string& object, const std::string& what) {
  return "gentle: warning: " + operation + " of " + std::string(language_name(language)) + " '" +
         object + "': " + what + ", continuing";
}

// Those of "3.12.1". A part that is no number ends them.
InterpreterVersion numbers_in(std::string_view version) {
  InterpreterVersion numbers;
  while (!version.empty()) {
    const std::size_t end = std::min(version.find('.'), version.size());
    const auto number = parse_integer<std::uint32_t>(version.substr(0, end), 0, UINT32_MAX);
    if (!number) break;
    numbers.push_back(*number);
    version.remove_prefix(std::min(end + 1, version.size()));
  }
  return numbers;
}

void add_hits(Language language, const std::string& path, RecordedLines& all) {
  const std::string names_path = names_of_hits(path);
  const std::string names =
      file_exists(names_path) ? read_data_file(names_path, kLargestNames) : "";
  Hits hits = read_hits(language, read_data_file(path), names, path);
  const InterpreterVersion version = numbers_in(hits.version);
  if (!hits.interpreter.empty()) all.interpreters.insert({version, hits.interpreter});
  for (HitSource& source : hits.sources) {
    all.has_all_arcs = all.has_all_arcs && (hits.has_arcs || source.lines.empty());
    SourceLines& lines = all.sources[source.path][{source.size, source.crc}];
    if (lines.branches != source.branches && !lines.branches.empty() && !source.branches.empty()) {
      all.in_several_texts.insert(source.path);
    }
    if (is_larger(source.branches, lines.branches)) {
      lines.branches = source.branches;
      lines.ways.clear();
    }
    if (lines.branches == source.branches) lines.ways.merge(source.ways);
    lines.arcs.merge(source.arcs);
    if (!source.lines.empty()) lines.version = std::max(lines.version, version);
    lines.executed.merge(source.lines);
    lines.statements.merge(source.statements);
  }
  all.uncounted.merge(hits.uncounted);
}

// The lines of the text that is there now. What ran in another one would stand at wrong lines.
SourceLines current_lines(Language language, const std::string& path,
                          std::map<TextVersion, SourceLines>& versions,
                          std::vector<std::string>& warnings) {
  SourceLines lines;
  TextVersion now;
  try {
    const std::string text = read_data_file(path);
    now = {text.size(), crc32_of(text)};
  } catch (const Error& error) {
    warnings.push_back(line_warning(language, path, error.cause()));
    return lines;
  }
  bool has_others = false;
  for (auto& [version, recorded] : versions) {
    if (version == now) {
      lines = std::move(recorded);
    } else if (!recorded.executed.empty()) {
      has_others = true;
    }
  }
  if (has_others) {
    warnings.push_back(line_warning(language, path,
                                    "it has changed since some process ran it; what that executed "
                                    "is not counted: run the tests again"));
  }
  return lines;
}

}  // namespace

void RecordedTable::add(RecordedTable other) {
  table.add(other.table);
  probed.merge(other.probed);
  uncounted.merge(other.uncounted);
  absent.merge(other.absent);
  std::move(other.warnings.begin(), other.warnings.end(), std::back_inserter(warnings));
  std::move(other.failures.begin(), other.failures.end(), std::back_inserter(failures));
}

std::string line_warning(Language language, const std::string& source, const std::string& what) {
  return recorder_warning("count lines", language, source, what);
}

RecordedLines read_recorded_lines(Language language, const std::vector<std::string>& hits) {
  RecordedLines all;
  for (const std::string& path : hits) {
    if (language_of_hits(path) != language) continue;
    try {
      add_hits(language, path, all);
    } catch (const Error& error) {
      all.warnings.push_back(
          recorder_warning("read hits", language, path,
                           error.cause() + "; the lines of its process are not counted"));
    }
  }
  for (const std::string& path : all.in_several_texts) {
    all.warnings.push_back(line_warning(language, path,
                                        "several texts were made of it, with other branches; those "
                                        "of the one with the most count"));
  }
  return all;
}

std::map<std::string, SourceLines> choose_recorded_lines(Language language, RecordedLines& recorded,
                                                         const CoverageSpec& spec,
                                                         const WorkFiles& work,
                                                         const Environment& environment,
                                                         RecordedTable& result) {
  std::vector<std::string> paths;
  for (const auto& [path, versions] : recorded.sources) paths.push_back(path);
  std::map<std::string, SourceLines> counted;
  for (const auto& [path, fate] :
       choose_sources(spec, path_without_links(spec.root), paths, work, environment)) {
    if (fate == SourceFate::kCounted) {
      counted[path] = current_lines(language, path, recorded.sources[path], result.warnings);
    } else {
      result.absent[path] = fate;
    }
  }
  return counted;
}

}  // namespace gentle

#include "coverage/report/absent_sources.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <set>
#include <system_error>

#include "coverage/report/path_list.h"
#include "os/file.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostWarnings = 10;

struct Source {
  fs::file_time_type written;
  std::uint64_t lines = 0;
};

// Headers are the sources of many objects.
class Sources {
 public:
  // Nothing is known of one that is gone: it is no newer than anything, and long enough.
  const Source& operator[](const std::string& path) {
    const auto [entry, is_new] = known_.try_emplace(path);
    if (!is_new) return entry->second;
    std::error_code error;
    const auto written = fs::last_write_time(path, error);
    const auto text = read_file_if_there(path);
    entry->second = {error ? fs::file_time_type::min() : written, UINT64_MAX};
    if (text) {
      const auto newlines = std::count(text->begin(), text->end(), '\n');
      entry->second.lines =
          static_cast<std::uint64_t>(newlines) + (text->ends_with('\n') ? 0U : 1U);
    }
    return entry->second;
  }

 private:
  std::map<std::string, Source> known_;
};

// One line each, and one for the rest of many.
std::vector<std::string> bounded(std::vector<std::string> lines, const std::string& rest) {
  if (lines.size() <= kMostWarnings) return lines;
  const std::size_t more = lines.size() - kMostWarnings;
  lines.resize(kMostWarnings);
  lines.push_back("gentle: warning: " + count_of_files(more) + " more " + rest);
  return lines;
}

}  // namespace

std::string absent_text(const SourceFates& fates, const std::string& real_root) {
  const std::map<SourceFate, std::string> reasons = {
      {SourceFate::kNotMatched, "not matched by FILTER"},
      {SourceFate::kExcluded, "excluded by EXCLUDE"},
      {SourceFate::kInBuild, "in the build folder (FILTER counts it)"},
      {SourceFate::kOutside, "outside of " + real_root + " (ROOT or FILTER counts it)"},
      {SourceFate::kNoSource, "without a source in the project"},
  };
  std::string text;
  for (const auto& [reason, words] : reasons) {
    std::vector<std::string> paths;
    for (const auto& [path, fate] : fates) {
      if (fate == reason) paths.push_back(path);
    }
    if (!paths.empty()) text += "  " + words + ": " + short_list(paths, real_root) + "\n";
  }
  return text.empty() ? "" : "Compiled with counters, but not in the report:\n" + text;
}

std::vector<std::string> missing_warnings(const SourceFates& fates) {
  std::vector<std::string> lines;
  for (const auto& [path, fate] : fates) {
    if (fate != SourceFate::kGone && fate != SourceFate::kUnreadable) continue;
    lines.push_back("gentle: warning: count source '" + path + "': " +
                    (fate == SourceFate::kGone ? "it is gone, only its object file is still there"
                                               : "it cannot be read") +
                    "; it is not in the report, continuing");
  }
  return bounded(std::move(lines), "are gone or cannot be read, and not in the report, continuing");
}

std::vector<std::string> untold_warnings(const SourceFates& fates, const CountedLines& lines) {
  std::vector<std::string> warnings;
  for (const auto& [path, fate] : fates) {
    if (fate != SourceFate::kCounted || lines.contains(path)) continue;
    warnings.push_back(
        "gentle: warning: count source '" + path +
        "': gcov has told nothing of its lines; it is not in the report, continuing");
  }
  return bounded(std::move(warnings), "of which gcov has told nothing, continuing");
}

std::vector<std::string> changed_warnings(const std::vector<CompiledObject>& objects,
                                          const SourceFates& fates) {
  std::set<std::string> changed;
  Sources sources;
  for (const CompiledObject& object : objects) {
    std::error_code error;
    const auto compiled = fs::last_write_time(object.notes, error);
    if (error) continue;
    for (const auto& [name, source] : object.sources) {
      const auto fate = fates.find(source.file);
      if (fate == fates.end() || fate->second != SourceFate::kCounted) continue;
      const Source& now = sources[source.file];
      if (now.written > compiled || now.lines < source.last_line) changed.insert(source.file);
    }
  }
  std::vector<std::string> lines;
  for (const std::string& path : changed) {
    lines.push_back("gentle: warning: count source '" + path +
                    "': it was changed after it was compiled, so its counts may stand at the wrong "
                    "lines; build again, continuing");
  }
  return bounded(std::move(lines), "were changed after they were compiled, continuing");
}

}  // namespace gentle

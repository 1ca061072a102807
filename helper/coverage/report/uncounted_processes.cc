#include "coverage/report/uncounted_processes.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/exit_code.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFoldersNamed = 5;

// Not all of them, if there are many.
std::vector<std::string> shown_folders(const std::set<std::string>& folders) {
  std::vector<std::string> lines;
  for (const std::string& folder : folders) {
    if (lines.size() == kMostFoldersNamed) {
      lines.push_back("  and " + std::to_string(folders.size() - lines.size()) + " more");
      break;
    }
    lines.push_back("  " + folder);
  }
  return lines;
}

// The folders of its sources, but those of the system; nothing if one is not left out.
std::optional<std::set<std::string>> left_out(const CompiledObject& object,
                                              const SourceFates& fates) {
  std::set<std::string> folders;
  for (const auto& [name, source] : object.sources) {
    const SourceFate fate = fates.at(source.file);
    if (fate == SourceFate::kSystem) continue;
    if (fate != SourceFate::kOutside && fate != SourceFate::kInBuild) return std::nullopt;
    folders.insert(fs::path(source.file).parent_path().string());
  }
  return folders;
}

}  // namespace

std::vector<Error> uncounted_processes(const MergedData& merged) {
  if (merged.uncounted.empty()) return {};
  return {Error("report coverage", "",
                "processes have counted, but no .gcno of their compilation is beside the object "
                "files, which "
                "were compiled in:")
              .notes(shown_folders({merged.uncounted.begin(), merged.uncounted.end()}))
              .hint("where are their .gcno files now? OBJECTS <dir> of add_fixture_coverage; for a "
                    "service that shall not count: COVERAGE OFF")
              .exit_code(kExitFailed)};
}

std::vector<Error> processes_elsewhere(const CoverageSpec& spec, const MergedData& merged,
                                       const ObjectFiles& files,
                                       const std::vector<CompiledObject>& objects,
                                       const SourceFates& fates) {
  if (!spec.filters.empty()) return {};
  std::map<std::string, std::set<std::string>> elsewhere;  // by object, where its sources are
  for (const CompiledObject& object : objects) {
    if (!std::binary_search(files.others.begin(), files.others.end(), object.notes)) continue;
    if (auto places = left_out(object, fates)) elsewhere[object.notes] = std::move(*places);
  }
  std::set<std::string> folders;
  for (const std::vector<std::string>& process : merged.processes) {
    const bool all = std::all_of(process.begin(), process.end(), [&](const std::string& notes) {
      return elsewhere.contains(notes);
    });
    if (!all) continue;
    for (const std::string& notes : process) {
      folders.insert(elsewhere[notes].begin(), elsewhere[notes].end());
    }
  }
  if (folders.empty()) return {};
  return {Error("report coverage", "",
                "processes have counted, but all of their sources are in folders that the report "
                "leaves out:")
              .notes(shown_folders(folders))
              .hint("FILTER <regex> or ROOT <dir> of add_fixture_coverage counts them; for a "
                    "service that shall not count: COVERAGE OFF")
              .exit_code(kExitFailed)};
}

}  // namespace gentle

#include "coverage/report/absent_sources.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <set>
#include <system_error>

#include "os/file.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostNames = 5;
constexpr std::size_t kMostWarnings = 10;

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string files(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " file" : " files");
}

// Relative to the root, if that is near.
std::string shown_name(const std::string& path, const std::string& root) {
  const std::string relative = fs::path(path).lexically_relative(root).string();
  return relative.empty() || relative.starts_with("../../..") ? path : relative;
}

std::string common_folder(const std::string& left, const std::string& right) {
  fs::path common;
  const fs::path one = left;
  const fs::path other = right;
  for (auto a = one.begin(), b = other.begin(); a != one.end() && b != other.end() && *a == *b;
       ++a, ++b) {
    common /= *a;
  }
  return common.string();
}

// A few names; more: by folder; more than a few of these: all that is below one.
std::string folded(const std::vector<std::string>& paths, const std::string& root) {
  std::vector<std::string> words;
  if (paths.size() <= kMostNames) {
    for (const std::string& path : paths) words.push_back(shown_name(path, root));
    return join(words);
  }
  std::map<std::string, std::size_t> folders;
  std::string common = fs::path(paths.front()).parent_path().string();
  for (const std::string& path : paths) {
    const std::string folder = fs::path(path).parent_path().string();
    common = common_folder(common, folder);
    ++folders[folder];
  }
  if (folders.size() > kMostNames) folders = {{common, paths.size()}};
  for (const auto& [folder, count] : folders) {
    words.push_back(files(count) + " in " + shown_name(folder, root));
  }
  return join(words);
}

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
  lines.push_back("gentle: warning: " + files(more) + " more " + rest);
  return lines;
}

}  // namespace

std::string absent_text(const SourceFates& fates, const std::string& real_root) {
  const std::map<SourceFate, std::string> reasons = {
      {SourceFate::kNotMatched, "not matched by FILTER"},
      {SourceFate::kExcluded, "excluded by EXCLUDE"},
      {SourceFate::kInBuild, "in the build folder (FILTER counts it)"},
      {SourceFate::kOutside, "outside of " + real_root + " (ROOT or FILTER counts it)"},
  };
  std::string text;
  for (const auto& [reason, words] : reasons) {
    std::vector<std::string> paths;
    for (const auto& [path, fate] : fates) {
      if (fate == reason) paths.push_back(path);
    }
    if (!paths.empty()) text += "  " + words + ": " + folded(paths, real_root) + "\n";
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
    if (fate != SourceFate::kCounted || lines.contains(path_without_links(path))) continue;
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

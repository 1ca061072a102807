#include "coverage/report/uncounted_headers.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "coverage/image/line_table.h"
#include "coverage/image/process_memory.h"
#include "coverage/report/path_list.h"
#include "os/file.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTargets = 3;

// A unity build includes them as if they were headers.
bool is_translation_unit(const std::string& path) {
  static constexpr std::array<std::string_view, 7> kEndings = {".c",   ".C",   ".cc", ".cp",
                                                               ".cpp", ".cxx", ".c++"};
  return std::find(kEndings.begin(), kEndings.end(), fs::path(path).extension().string()) !=
         kEndings.end();
}

// What was compiled with counters. A library with counters is linked into programs without.
class Counted {
 public:
  explicit Counted(const std::vector<CompiledObject>& objects) {
    for (const CompiledObject& object : objects) {
      bool has_own_lines = false;
      for (const auto& [name, source] : object.sources) {
        files_.insert(source.file);
        has_own_lines = has_own_lines || is_translation_unit(source.file);
      }
      if (!has_own_lines) instantiating_.insert(fs::path(object.notes).stem().string());
    }
  }

  // It is known by its own source, since headers are compiled with and without.
  bool has(const LineUnit& files) const {
    return std::all_of(files.begin(), files.end(), [&](const std::string& path) {
      return !is_translation_unit(path) || files_.contains(path) || only_instantiates(path);
    });
  }

 private:
  // The source of an object with lines of headers alone: gcc gives the start of its counters a line
  // of the source. CMake names the object "a.cc.o", others "a.o".
  bool only_instantiates(const fs::path& path) const {
    return instantiating_.contains(path.filename().string()) ||
           instantiating_.contains(path.stem().string());
  }

  std::set<std::string> files_;
  std::set<std::string> instantiating_;
};

// By the names that reports show, those of the project; none for a program of a kind that is not
// read.
std::vector<LineUnit> units_of(const std::string& program, const SourceNames& names) {
  std::vector<LineUnit> units;
  try {
    units = read_line_tables(FileMemory(program));
  } catch (const Error&) {
    return {};
  }
  for (LineUnit& unit : units) {
    LineUnit shown;
    for (const std::string& file : unit) {
      const std::string& path = names.shown(fs::path(file).lexically_normal().string());
      if (names.is_in_project(path)) shown.insert(path);
    }
    unit = std::move(shown);
  }
  return units;
}

// A header that is not the tests' own.
bool is_tested_header(const std::string& path, const SourceNames& names) {
  const fs::path relative = fs::path(path).lexically_relative(names.real_root());
  return !is_translation_unit(path) && !is_named_after_tests(relative.string());
}

std::string first_few(const std::vector<std::string>& targets) {
  std::string text;
  const std::size_t shown = std::min(targets.size(), kMostTargets);
  for (std::size_t i = 0; i < shown; ++i) text += (i > 0 ? ", " : "") + targets[i];
  if (targets.size() > shown) text += " and " + std::to_string(targets.size() - shown) + " more";
  return text;
}

}  // namespace

bool is_named_after_tests(const std::string& path) {
  static constexpr std::string_view kTest = "test";
  const auto letter = [&](std::size_t at) { return static_cast<unsigned char>(path[at]); };
  for (std::size_t at = 0; at + kTest.size() <= path.size(); ++at) {
    const bool in_word = at > 0 && std::isalpha(letter(at - 1)) != 0;
    const bool in_hump = in_word && std::islower(letter(at - 1)) != 0 && path[at] == 'T';
    if (in_word && !in_hump) continue;
    const bool same = std::equal(kTest.begin(), kTest.end(), path.begin() + static_cast<long>(at),
                                 [](char a, char b) { return a == std::tolower(b); });
    if (same) return true;
  }
  return false;
}

UncountedHeaders find_uncounted_headers(const CoverageSpec& spec, const SourceNames& names,
                                        const std::vector<CompiledObject>& objects) {
  const Counted counted(objects);
  UncountedHeaders found;
  for (const UncountedProgram& program : spec.uncounted_programs) {
    if (!is_regular_file(program.file)) continue;  // not built
    const std::vector<LineUnit> units = units_of(program.file, names);
    if (units.empty()) found.without_lines.push_back(program.target);
    std::set<std::string> headers;
    for (const LineUnit& files : units) {
      if (counted.has(files)) continue;
      std::copy_if(files.begin(), files.end(), std::inserter(headers, headers.end()),
                   [&](const std::string& path) { return is_tested_header(path, names); });
    }
    for (const std::string& path : headers) found.targets[path].push_back(program.target);
  }
  return found;
}

std::string uncounted_headers_text(const UncountedHeaders& headers, const std::string& real_root) {
  std::map<std::vector<std::string>, std::vector<std::string>> by_targets;
  for (const auto& [path, targets] : headers.targets) by_targets[targets].push_back(path);
  std::string text;
  if (!by_targets.empty()) {
    text =
        "Headers with code that programs without counters have compiled for themselves, so what "
        "runs there is not counted (add the targets to INSTRUMENT, or the headers to EXCLUDE):\n";
  }
  for (const auto& [targets, paths] : by_targets) {
    text += "  " + short_list(paths, real_root) + ": in " + first_few(targets) + "\n";
  }
  if (!headers.without_lines.empty()) {
    text +=
        "Not looked at for headers that they have compiled for themselves, for lack of "
        "debugging information that is not compressed (-g, without -gz): " +
        first_few(headers.without_lines) + "\n";
  }
  return text;
}

}  // namespace gentle

#include "coverage/report/uncounted_headers.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "coverage/image/line_table.h"
#include "coverage/image/process_memory.h"
#include "coverage/report/path_list.h"

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

// None for one that is not built, or of a machine that is not read.
std::vector<LineUnit> units_of(const std::string& program) {
  try {
    return read_line_tables(FileMemory(program));
  } catch (const Error&) {
    return {};
  }
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
                                        const std::set<std::string>& counted) {
  const auto shown = [&](const std::string& path) {
    return names.shown(fs::path(path).lexically_normal().string());
  };
  UncountedHeaders found;
  for (const UncountedProgram& program : spec.uncounted_programs) {
    const std::vector<LineUnit> units = units_of(program.file);
    if (units.empty()) found.without_lines.push_back(program.target);
    for (const LineUnit& unit : units) {
      if (counted.contains(shown(unit.source))) continue;  // of a library with counters
      for (const std::string& file : unit.files) {
        const std::string path = shown(file);
        if (is_translation_unit(path) || !names.is_in_project(path)) continue;
        if (is_named_after_tests(fs::path(path).lexically_relative(names.real_root()).string()))
          continue;
        std::vector<std::string>& targets = found.targets[path];
        if (targets.empty() || targets.back() != program.target) targets.push_back(program.target);
      }
    }
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
        "runs "
        "there is not counted (add the targets to INSTRUMENT, or the headers to EXCLUDE):\n";
  }
  for (const auto& [targets, paths] : by_targets) {
    text += "  " + short_list(paths, real_root) + ": in " + first_few(targets) + "\n";
  }
  if (!headers.without_lines.empty()) {
    text +=
        "Not looked at for headers that they have compiled for themselves, for lack of "
        "debugging information (-g): " +
        first_few(headers.without_lines) + "\n";
  }
  return text;
}

}  // namespace gentle

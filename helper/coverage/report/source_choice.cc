#include "coverage/report/source_choice.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "base/exit_code.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/source_names.h"
#include "os/file.h"
#include "os/tool.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

// Reads records that a zero ends: F<filter>, E<exclude>, R<path from the root>, A<absolute path>.
// Writes, for each path, whether a filter and whether an exclude matches from its begin. An
// expression that begins with a slash is for absolute paths, as in gcovr.
constexpr const char* kScript = R"py(
import os, re, sys
records = [os.fsdecode(r) for r in open(sys.argv[1], 'rb').read().split(b'\0')[:-1]]
of = lambda kind: [r[1:] for r in records if r[:1] == kind]
filters, excludes = [re.compile(p) for p in of('F')], [re.compile(p) for p in of('E')]
def matches(expressions, relative, absolute):
    return any(e.match(absolute if e.pattern.startswith('/') else relative) for e in expressions)
for path in zip(of('R'), of('A')):
    print(int(matches(filters, *path)), int(matches(excludes, *path)), sep='')
)py";

struct Matches {
  bool by_filter = false;
  bool by_exclude = false;
};

// The interpreter that gcovr runs in has to be there as well.
std::string find_python(const Environment& environment) {
  const std::string program = find_program("python3", environment.get("PATH"));
  if (!program.empty()) return program;
  throw Error("report coverage", "python3", "it is not in PATH; FILTER and EXCLUDE need it")
      .hint("apt-get install python3")
      .exit_code(kExitFailed);
}

std::vector<Matches> ask_python(const CoverageSpec& spec, const std::string& real_root,
                                const std::vector<std::string>& paths, const WorkFiles& work,
                                const Environment& environment) {
  std::string records;
  const auto add = [&records](char kind, const std::string& value) {
    records += kind + value + '\0';
  };
  for (const std::string& filter : spec.filters) add('F', filter);
  for (const std::string& exclude : spec.excludes) add('E', exclude);
  for (const std::string& path : paths) {
    add('R', fs::path(path).lexically_relative(real_root).string());
    add('A', path);
  }
  const std::string file = work.folder + "/names";
  write_file_atomically(file, records);
  const std::string python = find_python(environment);
  const ToolEnd end = run_tool({{python, "-c", kScript, file}, environment, "", ""});
  const auto lines =
      static_cast<std::size_t>(std::count(end.output.begin(), end.output.end(), '\n'));
  if (end.end != EndStatus{} || lines != paths.size() || end.output.size() != 3 * lines) {
    throw Error("match FILTER and EXCLUDE", python, "it ended with " + describe(end.end))
        .hint("correct the regular expressions in add_fixture_coverage")
        .exit_code(kExitFailed);
  }
  std::vector<Matches> matches;
  for (std::size_t i = 0; i < end.output.size(); i += 3) {
    matches.push_back({end.output[i] == '1', end.output[i + 1] == '1'});
  }
  return matches;
}

bool is_of_system(const std::string& path) {
  constexpr std::array<std::string_view, 2> kBegins = {"/usr/", "/lib"};
  constexpr std::array<std::string_view, 4> kParts = {"/include/c++/", "/lib/gcc/",
                                                      "/lib/gcc-cross/", "/lib/clang/"};
  return std::any_of(kBegins.begin(), kBegins.end(),
                     [&](std::string_view begin) { return path.starts_with(begin); }) ||
         std::any_of(kParts.begin(), kParts.end(),
                     [&](std::string_view part) { return path.find(part) != std::string::npos; });
}

// The folders that decide when there is no FILTER.
class Places {
 public:
  Places(const CoverageSpec& spec, const std::string& real_root)
      : root_(real_root), build_(path_without_links(spec.build_dir)) {
    for (const std::string& folder : spec.objects) objects_.push_back(path_without_links(folder));
    // A build in the source folder, or above it, cannot be told from the sources.
    apart_ = !is_inside(root_, build_);
  }

  SourceFate fate_of(const std::string& path) const {
    for (const std::string& folder : objects_) {
      if (is_inside(path, folder)) return SourceFate::kCounted;
    }
    if (apart_ && is_inside(path, build_)) return SourceFate::kInBuild;
    if (is_inside(path, root_)) return SourceFate::kCounted;
    return is_of_system(path) ? SourceFate::kSystem : SourceFate::kOutside;
  }

 private:
  std::string root_;
  std::string build_;
  std::vector<std::string> objects_;
  bool apart_ = true;
};

SourceFate fate_of_counted(const std::string& path) {
  if (!is_regular_file(path)) return SourceFate::kGone;
  return ::access(path.c_str(), R_OK) == 0 ? SourceFate::kCounted : SourceFate::kUnreadable;
}

}  // namespace

std::map<std::string, SourceFate> choose_sources(const CoverageSpec& spec,
                                                 const std::string& real_root,
                                                 const std::vector<std::string>& paths,
                                                 const WorkFiles& work,
                                                 const Environment& environment) {
  std::vector<Matches> matches(paths.size());
  const bool asked = !spec.filters.empty() || !spec.excludes.empty();
  if (asked) matches = ask_python(spec, real_root, paths, work, environment);
  const Places places(spec, real_root);
  std::map<std::string, SourceFate> fates;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string& path = paths[i];
    SourceFate fate = places.fate_of(path);
    if (!spec.filters.empty()) {
      const bool of_system = fate == SourceFate::kSystem;
      fate = matches[i].by_filter ? SourceFate::kCounted
             : of_system          ? SourceFate::kSystem
                                  : SourceFate::kNotMatched;
    }
    if (fate == SourceFate::kCounted && matches[i].by_exclude) fate = SourceFate::kExcluded;
    fates[path] = fate == SourceFate::kCounted ? fate_of_counted(path) : fate;
  }
  return fates;
}

}  // namespace gentle

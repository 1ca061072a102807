#include "coverage/report/go_gathering.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "coverage/image/bytes.h"
#include "coverage/languages/go_format.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/go_modules.h"
#include "coverage/report/source_choice.h"
#include "os/data_file.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

std::string go_warning(const std::string& operation, const std::string& object,
                       const std::string& what) {
  return "gentle: warning: " + operation + " '" + object + "': " + what + ", continuing";
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// One build of a program, with what all of its processes have counted.
struct Build {
  GoMeta meta;
  fs::file_time_type written;  // when one of its processes has begun
  GoCounts counts;
};
using Builds = std::map<std::string, Build>;  // by hash

bool fits(const GoCounters& counters, const GoMeta& meta) {
  return std::all_of(counters.functions.begin(), counters.functions.end(),
                     [&](const auto& function) {
                       const auto& [package, number] = function.first;
                       if (package >= meta.packages.size()) return false;
                       const auto& functions = meta.packages[package].functions;
                       return number < functions.size() &&
                              functions[number].blocks.size() == function.second.size();
                     });
}

void add_meta(const std::string& path, Builds& builds) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  GoMeta meta = parse_go_meta(read_data_file(path), path);
  std::string hash = meta.hash;
  builds[std::move(hash)] = {std::move(meta), written, {}};
}

void add_counters(const std::string& path, Builds& builds) {
  const GoCounters counters = parse_go_counters(read_data_file(path), path);
  const auto build = builds.find(counters.hash);
  const std::string name = go_meta_name(counters.hash);
  if (build == builds.end()) {
    throw Error("read Go's coverage", path, "its meta-data, " + name + ", cannot be read");
  }
  GoMeta& meta = build->second.meta;
  if (!fits(counters, meta) ||
      !add_go_counts(build->second.counts, counters.functions, meta.mode)) {
    throw Error("read Go's coverage", path, "it counts other functions than " + name + " names");
  }
}

Builds read_builds(const std::vector<std::string>& files, std::vector<std::string>& warnings) {
  Builds builds;
  const auto read_all = [&](std::string_view beginning, const auto& add) {
    for (const std::string& path : files) {
      if (!file_name(path).starts_with(beginning)) continue;
      try {
        add(path, builds);
      } catch (const Error& error) {
        warnings.push_back(go_warning("read Go's coverage", path,
                                      error.cause() + "; what it tells is not counted"));
      }
    }
  };
  read_all(kGoMeta, add_meta);
  read_all(kGoCounters, add_counters);
  return builds;
}

// A source as one build saw it.
struct SourceVersion {
  GoSource source;
  fs::file_time_type written;

  bool was_executed() const {
    return std::any_of(source.functions.begin(), source.functions.end(), [](const auto& function) {
      return std::any_of(function.counts.begin(), function.counts.end(),
                         [](std::uint32_t count) { return count != 0; });
    });
  }
};

void add_version(SourceVersion version, std::vector<SourceVersion>& versions) {
  const auto known = std::find_if(versions.begin(), versions.end(), [&](const auto& other) {
    return other.source.has_blocks_of(version.source);
  });
  if (known == versions.end()) {
    versions.push_back(std::move(version));
    return;
  }
  known->written = std::max(known->written, version.written);
  known->source.add(version.source);
}

using SourceVersions = std::map<std::string, std::vector<SourceVersion>>;

// By the names of their packages, of one build.
std::map<std::string, SourceVersion> sources_of(const Build& build, std::uint32_t package) {
  std::map<std::string, SourceVersion> sources;
  const GoPackage& known = build.meta.packages[package];
  for (std::uint32_t i = 0; i < known.functions.size(); ++i) {
    const GoFunction& function = known.functions[i];
    SourceVersion& version = sources[function.file];
    version.written = build.written;
    version.source.sums = build.meta.mode != GoMode::kSet;
    const auto counts = build.counts.find({package, i});
    version.source.functions.push_back(
        {function.is_literal ? "" : known.path + "." + function.name, function.blocks,
         counts != build.counts.end() ? counts->second
                                      : std::vector<std::uint32_t>(function.blocks.size())});
  }
  return sources;
}

// Where the sources are, and which are not here.
class SourcePlaces {
 public:
  SourcePlaces(const CoverageSpec& spec, GoGathered& gathered)
      : modules_(path_without_links(spec.root), path_without_links(spec.build_dir)),
        gathered_(gathered) {}

  std::optional<std::string> find(const std::string& module, const std::string& file) {
    if (file.starts_with('/')) return path_without_links(file);
    // Go's own packages have no module.
    if (module.empty()) return absent(file, SourceFate::kSystem);
    const std::vector<std::string> places = modules_.places_of(module, file);
    if (places.empty()) return absent(file, SourceFate::kOutside);
    if (places.size() == 1) return path_without_links(places.front());
    if (twice_.insert(file).second) {
      gathered_.warnings.push_back(go_warning(
          "count lines of Go", file,
          "it is in " + std::to_string(places.size()) + " folders with a go.mod of module " +
              module + " ('" + places[0] + "', '" + places[1] + "'); it is not counted"));
    }
    return std::nullopt;
  }

 private:
  std::nullopt_t absent(const std::string& file, SourceFate fate) {
    gathered_.absent[file] = fate;
    return std::nullopt;
  }

  GoModules modules_;
  GoGathered& gathered_;
  std::set<std::string> twice_;
};

SourceVersions find_go_sources(const Builds& builds, const CoverageSpec& spec,
                               GoGathered& gathered) {
  SourcePlaces places(spec, gathered);
  SourceVersions versions;
  for (const auto& [hash, build] : builds) {
    for (std::uint32_t i = 0; i < build.meta.packages.size(); ++i) {
      for (auto& [file, source] : sources_of(build, i)) {
        const auto path = places.find(build.meta.packages[i].module, file);
        if (path) add_version(std::move(source), versions[*path]);
      }
    }
  }
  return versions;
}

// Of several versions that of the newest process: the others would stand at wrong lines.
const SourceVersion& current_version(const std::string& path,
                                     const std::vector<SourceVersion>& versions,
                                     std::vector<std::string>& warnings) {
  const auto newest =
      std::max_element(versions.begin(), versions.end(),
                       [](const auto& a, const auto& b) { return a.written < b.written; });
  const bool has_others = std::any_of(versions.begin(), versions.end(), [&](const auto& version) {
    return &version != &*newest && version.was_executed();
  });
  if (has_others) {
    warnings.push_back(go_warning("count lines of Go", path,
                                  "it has changed since some process ran it; what that executed is "
                                  "not counted: run the tests again"));
  }
  return *newest;
}

std::uint64_t lines_of_source(const std::string& path) {
  const std::string text = read_data_file(path);
  const auto ends = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  return ends + (text.empty() || text.ends_with('\n') ? 0 : 1);
}

void add_source(const std::string& path, const std::vector<SourceVersion>& versions,
                GoGathered& gathered) {
  constexpr const char* kCount = "count lines of Go";
  const SourceVersion& version = current_version(path, versions, gathered.warnings);
  std::uint32_t last = 0;
  for (const CountedGoFunction& function : version.source.functions) {
    for (const GoBlock& block : function.blocks) last = std::max(last, block.last_line);
  }
  try {
    if (last > lines_of_source(path)) {
      gathered.warnings.push_back(go_warning(
          kCount, path,
          "it has fewer lines than when it was compiled; it is not counted: build again"));
      gathered.uncounted.insert(path);
      return;
    }
    std::error_code error;
    if (fs::last_write_time(path, error) > version.written && !error) {
      gathered.warnings.push_back(
          go_warning(kCount, path,
                     "it was changed after its program had started, so its counts may stand at the "
                     "wrong lines; build again"));
    }
    gathered.table.sources()[path] = go_table_source(version.source);
    gathered.counted[path] = version.source;
  } catch (const Error& error) {
    gathered.warnings.push_back(go_warning(kCount, path, error.cause()));
    gathered.uncounted.insert(path);
  }
}

}  // namespace

GoGathered gather_go(const std::vector<std::string>& files, const CoverageSpec& spec,
                     const WorkFiles& work, const Environment& environment) {
  GoGathered gathered;
  if (files.empty()) return gathered;
  const Builds builds = read_builds(files, gathered.warnings);
  const SourceVersions versions = find_go_sources(builds, spec, gathered);
  std::vector<std::string> paths;
  for (const auto& [path, all] : versions) paths.push_back(path);
  for (const auto& [path, fate] :
       choose_sources(spec, path_without_links(spec.root), paths, work, environment)) {
    if (fate == SourceFate::kCounted) {
      add_source(path, versions.at(path), gathered);
    } else {
      gathered.absent[path] = fate;
    }
  }
  for (std::string& line : missing_warnings(gathered.absent)) {
    gathered.warnings.push_back(std::move(line));
  }
  return gathered;
}

}  // namespace gentle

// The two files of Go's coverage, of version 1, which all of Go 1.20 and newer write:
// covmeta.<hash>, which blocks there are, and covcounters.<hash>.<pid>.<time>, how often each was
// executed. The source of facts is internal/coverage/defs.go in Go's own sources;
// docs/go-coverage.md tells what is checked.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gentle {

inline constexpr std::string_view kGoMeta = "covmeta.";
inline constexpr std::string_view kGoCounters = "covcounters.";

// Lines and columns begin with 1; the column of the end is that behind it.
struct GoBlock {
  std::uint32_t first_line = 0;
  std::uint32_t first_column = 0;
  std::uint32_t last_line = 0;
  std::uint32_t last_column = 0;
  std::uint32_t statements = 0;

  bool operator==(const GoBlock&) const = default;
};

struct GoFunction {
  std::string name;         // "main", "(*Server).Serve"
  std::string file;         // by the path of its package: "example.com/app/main.go"; or absolute
  bool is_literal = false;  // it has no name in the source
  std::vector<GoBlock> blocks;

  bool operator==(const GoFunction&) const = default;
};

struct GoPackage {
  std::string path;    // "example.com/app/lib"
  std::string name;    // "lib"
  std::string module;  // "example.com/app"; "": none
  std::string hash;    // 16 bytes
  std::vector<GoFunction> functions;
};

enum class GoMode : std::uint8_t { kSet = 1, kCount = 2, kAtomic = 3 };

struct GoMeta {
  std::string hash;  // 16 bytes
  GoMode mode = GoMode::kSet;
  std::vector<GoPackage> packages;
};

// How often the blocks of functions were executed. By the package's place in the meta-data and the
// function's place in the package; functions that were not called are left out.
using GoCounts = std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>>;

struct GoCounters {
  std::string hash;  // of their meta-data, 16 bytes
  GoCounts functions;
};

// Throws Error, which names `object`, if these are not the bytes that a compiler makes for a
// package.
GoPackage parse_go_package(std::string_view bytes, const std::string& object);

// Of whole files. Throw Error, which names the path, if they are cut off, damaged or of another
// version.
GoMeta parse_go_meta(std::string_view bytes, const std::string& path);
GoCounters parse_go_counters(std::string_view bytes, const std::string& path);

// Adds counts of another process, or another part of a run; as high as they can be told. In the
// mode `set` they are 0 or 1. Counts of other blocks than those are none: false.
bool add_go_counts(GoCounts& sum, const GoCounts& more, GoMode mode);

// How the runtime names the meta-data of these packages (their hashes in the order in which they
// were initialised): the newest first, and the one of older versions.
std::vector<std::string> go_meta_hashes(const std::vector<std::string>& package_hashes,
                                        GoMode mode);

// The contents of files as the runtime writes them; a counter file without the arguments of the
// program.
std::string go_meta_file(const std::string& hash, GoMode mode,
                         const std::vector<std::string>& packages);
std::string go_counter_file(const GoCounters& counters);

// covmeta.<hash>; covcounters.<hash>.<pid>.<nanoseconds since 1970>.
std::string go_meta_name(const std::string& hash);
std::string go_counter_name(const std::string& hash, int pid, std::int64_t time);

}  // namespace gentle

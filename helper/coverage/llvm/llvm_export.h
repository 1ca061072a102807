// What `llvm-cov export` tells of a program: lines from its lcov text, which are the counts that
// `llvm-cov show` prints, whatever the release; functions and branches from its JSON, which has
// their places. It is read as it comes: as input from outside.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coverage/llvm/decision_graph.h"

namespace gentle {

// A condition: how often it was true and false.
struct ExportedBranch {
  std::int64_t taken = 0;
  std::int64_t not_taken = 0;

  bool operator==(const ExportedBranch&) const = default;
};

// A decision of -fcoverage-mcdc: bit n is set if term n alone has decided, once by being true and
// once by being false. Clang tells both together.
struct ExportedDecision {
  std::uint32_t terms = 0;
  std::uint64_t covered = 0;

  bool operator==(const ExportedDecision&) const = default;
};

struct ExportedFunction {
  std::int64_t count = 0;
  std::uint32_t regions = 0;
  std::uint32_t regions_executed = 0;
  std::uint32_t column = 0;  // where it begins

  bool operator==(const ExportedFunction&) const = default;
};

struct ExportedSource {
  std::map<std::uint32_t, std::int64_t> lines;
  // By the line where it stands, or the macro that holds it, and its place there (branch_place()).
  // Instances of a template are added up.
  std::map<std::pair<std::uint32_t, std::uint64_t>, ExportedBranch> branches;
  std::map<std::pair<std::uint32_t, std::uint64_t>, ExportedDecision> decisions;  // likewise
  // By the name that the linker knows and the line where the body begins.
  std::map<std::pair<std::string, std::uint32_t>, ExportedFunction> functions;
  std::set<std::uint32_t> unexecuted;  // a region begins there that was never executed

  bool operator==(const ExportedSource&) const = default;
};

// How the counters of a program count.
enum class Counting {
  kEach,
  // -mllvm -enable-single-byte-coverage: 1 if it was executed. llvm-cov adds up what processes have
  // noted in one place of a source, and not in the next one.
  kOnce,
};

using LlvmExport = std::map<std::string, ExportedSource>;  // by the name that the compiler gave

using LlvmNumbers = std::vector<std::uint64_t>;

// A function as it stands in the JSON, where a region has 8 numbers and a branch 9.
struct LlvmFunction {
  std::string name;
  std::uint64_t count = 0;
  std::vector<std::string> files;
  std::vector<LlvmNumbers> regions;
  std::vector<LlvmNumbers> branches;
  struct Decision {
    LlvmNumbers numbers;        // the first four are its place
    std::vector<bool> covered;  // each of its terms
    // What llvm-cov does not tell: in which file or macro it is, and what runs add up. Nothing, or
    // without terms, where it is not known.
    std::optional<std::uint64_t> file = {};
    DecisionGraph graph = {};
    std::vector<std::uint64_t> taken = {};  // how often each path
  };
  std::vector<Decision> decisions = {};

  // Which numbers are counts; the others are the same in each run.
  static constexpr std::size_t kCount = 4;
  static constexpr std::size_t kFalseCount = 5;  // of a branch
  static constexpr std::size_t kRegionSize = 8;
  static constexpr std::size_t kBranchSize = 9;
};

// From its place to that of the next one.
struct LlvmSegment {
  std::uint32_t line = 0;
  std::uint64_t count = 0;
  bool has_count = false;
  bool is_entry = false;
  bool is_gap = false;
};

// By the name that the compiler gave.
using LlvmSegments = std::map<std::string, std::vector<LlvmSegment>>;

// Of `llvm-cov export -format=lcov`: adds the lines. `name` is for messages. Throws Error if the
// text is no such one.
void read_exported_lines(std::string_view lcov, const std::string& name, LlvmExport& result);

// Of `llvm-cov export -format=text`: adds functions and branches, and gives back the segments of
// all files. `complete` may add to each function what the JSON does not tell, before it counts.
// Throws Error if it is no such JSON.
LlvmSegments read_exported_functions(std::string_view json, const std::string& name,
                                     LlvmExport& result,
                                     const std::function<void(LlvmFunction&)>& complete = {});

// Adds what a function tells of its sources. Throws Error, with a cause alone, if its numbers do
// not belong together.
void add_function(const LlvmFunction& function, LlvmExport& result);

// The name without the file that llvm-cov puts before that of a function of one file only:
// "a.cc:_ZL3onev" (clang 14), "a.cc;_ZL3onev" (clang 19).
std::string_view linker_name(std::string_view exported);

}  // namespace gentle

// The lines, branches and functions of an object with their counts: what
// `gcov --json-format --branch-probabilities` tells, as values. docs/gcov-reader.md gives the
// rules, and the experiment behind each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/gcov/unit_counters.h"
#include "coverage/gcov/unit_notes.h"

namespace gentle {

// Counts may be negative: see FunctionFlow.
struct BranchCount {
  std::int64_t count = 0;
  std::uint32_t source_block = 0;
  std::uint32_t destination_block = 0;
  bool is_fall_through = false;
  bool is_throw = false;
  // A throw, or the only other way on from its call: without throws, the program decides nothing.
  bool is_exceptional = false;

  bool operator==(const BranchCount&) const = default;
};

// A decision of up to 64 terms: bit n is set if term n alone has decided, by its being true, false.
struct DecisionCount {
  std::uint32_t terms = 0;
  std::uint64_t by_true = 0;
  std::uint64_t by_false = 0;

  bool operator==(const DecisionCount&) const = default;
};

inline constexpr std::uint32_t kNoFunction = UINT32_MAX;

struct LineCount {
  std::uint32_t line = 0;
  // In SourceCount::functions: the innermost one that stands around the line. Functions that begin
  // on one line, as the instances of a template, have their lines each for itself, and the same
  // line then stands here several times.
  std::uint32_t function = kNoFunction;
  std::int64_t count = 0;
  bool has_unexecuted_block = false;
  NotesRange branches;   // in UnitLines::branches
  NotesRange decisions;  // in UnitLines::decisions
};

struct FunctionCount {
  std::string_view name;  // as the linker knows it
  std::uint32_t start_line = 0;
  std::uint32_t start_column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
  std::int64_t execution_count = 0;
  std::int64_t returns = 0;  // how often its exit was reached: not by an exception
  std::uint32_t blocks = 0;
  std::uint32_t blocks_executed = 0;
};

struct SourceCount {
  std::string name;  // as the compiler was told: relative to its folder, mapped, by #line
  std::vector<LineCount> lines;
  std::vector<FunctionCount> functions;
};

// The texts are views into the bytes of the .gcno.
struct UnitLines {
  std::string_view directory;  // where the compiler ran
  std::vector<SourceCount> sources;
  std::vector<BranchCount> branches;
  std::vector<DecisionCount> decisions;
};

// Whether a source matters, by its index in UnitNotes::sources.
using SourceMatters = std::function<bool(std::size_t source)>;

// Of the sources that matter; what is told of others is not whole, but it takes less time: most
// functions of a C++ program are instances of the library's templates. Throws Error if the cycles
// within its lines are too many to be counted in time; those of programs that a compiler has made
// are not.
UnitLines count_unit_lines(
    const UnitNotes& notes, const UnitCounters& counters,
    const SourceMatters& matters = [](std::size_t) { return true; });

}  // namespace gentle

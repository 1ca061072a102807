// What all processes have counted in the sources of a report, line by line, and how what several
// objects and functions tell of one line becomes one. The rule is in docs/gcov-reader.md, "How
// counts are merged".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "coverage/gcov/unit_lines.h"

namespace gentle {

struct TableBranch {
  std::int64_t count = 0;
  bool is_fall_through = false;
  bool is_throw = false;
  // A throw, or the only other way on from its call: without throws, the program decides nothing.
  bool is_exceptional = false;
};

// Whether the branch is in rates and totals: what only an exception decides is if it is asked for.
inline bool is_counted(const TableBranch& branch, bool throw_branches) {
  return throw_branches || !(branch.is_throw || branch.is_exceptional);
}

// In BranchGroup::place: the group is a condition of clang's, true and false, and the rest of the
// place is the condition's own.
inline constexpr std::uint64_t kOfCondition = std::uint64_t{1} << 63U;

// Of the functions that begin at one place: the instances of a template, or an inline function in
// many objects.
struct BranchGroup {
  std::uint64_t place = 0;  // line and column of the functions; or kOfCondition
  std::vector<TableBranch> branches;
};

inline constexpr std::uint32_t kMostTerms = 64;

// Of up to 64 terms: bit n is set if term n alone has decided by its being true, false.
struct TableDecision {
  std::uint32_t terms = 0;
  std::uint64_t by_true = 0;
  std::uint64_t by_false = 0;

  bool operator==(const TableDecision&) const = default;
  [[nodiscard]] std::uint32_t told_terms() const { return terms < kMostTerms ? terms : kMostTerms; }
};

// As a BranchGroup.
struct DecisionGroup {
  std::uint64_t place = 0;
  std::vector<TableDecision> decisions;
};

struct TableLine {
  std::int64_t count = 0;  // below zero: threads have lost counts
  bool has_unexecuted_block = false;
  bool is_excluded = false;                   // by a marker in the source
  std::vector<BranchGroup> groups;            // in the order of their places
  std::vector<DecisionGroup> decisions = {};  // likewise; of -fcondition-coverage
};

struct TableFunction {
  std::int64_t count = 0;
  std::int64_t returns = 0;
  std::uint32_t blocks = 0;
  std::uint32_t blocks_executed = 0;
  std::string name = {};     // as people write it; "": it was not looked up yet
  std::uint32_t column = 0;  // where it begins, if that is known
};

// What another object, or another function of that name, tells of one.
void add_function(TableFunction& sum, const TableFunction& more);

struct TableSource {
  // The name as the linker knows it, and the line where it begins.
  using FunctionKey = std::pair<std::string, std::uint32_t>;

  std::map<std::uint32_t, TableLine> lines;
  std::map<FunctionKey, TableFunction> functions;
};

// What is known of a branch of which nothing counts how often: the ways on from it that were taken.
void add_branch(TableLine& line, const std::vector<bool>& taken);

class CoverageTable {
 public:
  // What one object tells of the source at `path`.
  void add(const std::string& path, const UnitLines& unit, const SourceCount& source);
  void add(const CoverageTable& other);
  // The same, but little is in memory twice meanwhile.
  void take(CoverageTable other);

  const std::map<std::string, TableSource>& sources() const { return sources_; }
  std::map<std::string, TableSource>& sources() { return sources_; }

 private:
  std::map<std::string, TableSource> sources_;
};

}  // namespace gentle

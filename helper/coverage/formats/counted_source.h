// What of a source counts, and how it is called: the same in every format, so that all of them have
// the same totals. Lines that a marker excludes, and functions that begin there, count nowhere.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/formats/format_options.h"
#include "coverage/formats/share.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

// Relative to the root if it is below it.
std::string shown_name(const std::string& path, const FormatOptions& options);

// The functions of one name are one: a constructor and its variants for the linker, a function that
// a macro lets begin on other lines in other objects.
struct CountedFunction {
  std::string name;              // demangled
  std::string_view linker_name;  // of the first of them, in the table
  std::uint32_t line = 0;        // the first one
  TableFunction counts;
};

// In the order of their lines, then of their names.
std::vector<CountedFunction> counted_functions(const TableSource& source);

// `take(group, number in it, branch)` for each branch that counts.
template <typename Take>
void visit_branches(const TableLine& line, const FormatOptions& options, const Take& take) {
  if (line.is_excluded) return;
  for (std::size_t group = 0; group < line.groups.size(); ++group) {
    std::size_t number = 0;
    for (const TableBranch& branch : line.groups[group].branches) {
      if (!is_counted(branch, options.throw_branches)) continue;
      take(group, number++, branch);
    }
  }
}

// How many outcomes of its terms, two each, have decided alone: modified condition/decision
// coverage.
Share share_of(const TableDecision& decision);

// `take(decision)` for each that counts.
template <typename Take>
void visit_decisions(const TableLine& line, const Take& take) {
  if (line.is_excluded) return;
  for (const DecisionGroup& group : line.decisions) {
    for (const TableDecision& decision : group.decisions) take(decision);
  }
}

}  // namespace gentle

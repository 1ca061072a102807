// How much of a source was executed, as the page counts it.
#pragma once

#include <cstdint>

#include "coverage/table/coverage_table.h"

namespace gentle {

struct PageShare {
  std::uint64_t covered = 0;
  std::uint64_t all = 0;

  bool operator==(const PageShare&) const = default;
};

struct PageTotals {
  PageShare lines;
  PageShare branches;
  PageShare functions;
  PageShare conditions = {};  // outcomes of the terms of decisions

  void add(const PageTotals& more);
  bool operator==(const PageTotals&) const = default;
};

// Without lines that a marker excludes, and functions that begin on one. Branches that only an
// exception takes count if `throw_branches`.
PageTotals page_totals_of(const TableSource& source, bool throw_branches);

}  // namespace gentle

// A small table with what formats stumble over: excluded lines, variants of one function, throw
// branches, and names with spaces, commas, quotes, and bytes that are no UTF-8.
#pragma once

#include "coverage/formats/format_options.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

inline FormatOptions sample_options() {
  FormatOptions options;
  options.root = "/project";
  options.title = "My <project>";
  options.timestamp = 1700000000;
  options.throw_branches = true;
  return options;
}

inline TableLine sample_line(std::int64_t count, std::vector<BranchGroup> groups = {}) {
  TableLine line;
  line.count = count;
  line.groups = std::move(groups);
  return line;
}

inline CoverageTable sample_table() {
  CoverageTable table;
  TableSource& first = table.sources()["/project/src/net/a.cc"];
  first.lines[3] = sample_line(
      5, {{1, {{5, true, false}, {0, false, true}}}, {2, {{0, true, false}, {0, false, false}}}});
  first.lines[4] = sample_line(9, {{1, {{9, true, false}, {0, false, true}}}});
  first.lines[4].is_excluded = true;
  first.lines[6] = sample_line(0);
  first.lines[7] = sample_line(0);
  first.lines[9] = sample_line(2);
  first.functions[{"_ZN1SC2Ev", 3}] = {0, 0, 4, 0};
  first.functions[{"_ZN1SC1Ev", 3}] = {5, 4, 4, 3};
  first.functions[{"_Z8excludedv", 4}] = {9, 9, 2, 2};
  first.functions[{"main", 9}] = {2, 2, 2, 2};
  TableSource& odd = table.sources()["/project/a & \"b\", c|`d`.c"];
  odd.lines[1] = sample_line(0, {{0, {{0, true, false}, {0, false, false}}}});
  odd.functions[{"f,g", 1}] = {0, 0, 1, 0};
  table.sources()["/elsewhere/\xff.h"].lines[2] = sample_line(1);
  return table;
}

}  // namespace gentle

// What a run has counted, as `gentle coverage combine` reads it: for each object the functions that
// a report shows, with their graphs and counters. Records of several runs add up to what one run
// would have counted, to the last digit; reports do not. Whether a line has a block that was not
// executed, say, follows from all counters of a function together.
//
// No path in it depends on where the project or its build is.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/parted_text.h"
#include "coverage/combine/recorded_go.h"
#include "coverage/combine/recorded_java.h"
#include "coverage/combine/recorded_units.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

struct SourceRecord {
  std::uint64_t hash = 0;            // of its text when it was reported
  std::set<std::uint32_t> excluded;  // lines, by markers
  std::set<std::uint32_t> excluded_branches;

  bool operator==(const SourceRecord&) const = default;
};

struct MarkedBranch {
  std::uint32_t line = 0;
  std::vector<bool> taken;  // for each way on from it

  bool operator==(const MarkedBranch&) const = default;
};

// Of a source of which a run tells that a line was executed, and not how often: Python's and
// Node's.
struct MarkedLines {
  std::set<std::uint32_t> executed;
  std::set<std::uint32_t> others;  // that could have been
  std::set<std::uint32_t> excluded;
  std::vector<MarkedBranch> branches = {};  // by line, and there in their order

  // What one run has executed is executed. Of two lists of branches the larger one counts, as in a
  // report (HitBranches).
  void add(const MarkedLines& more);

  bool operator==(const MarkedLines&) const = default;
};

class RunRecord {
 public:
  // Of the runs whose counts are in it: no run counts twice.
  std::set<std::string> runs;
  // What the report was asked for.
  std::string title;
  bool throw_branches = false;
  std::vector<std::string> formats;
  std::map<std::string, SourceRecord> sources;  // by the name that reports show
  std::map<std::string, MarkedLines> marked;    // likewise
  std::map<std::string, GoSource> go;           // likewise
  std::map<std::string, ProbedSource> java;     // likewise
  // Sources with counts that are not in here, as a gcov has told them.
  std::set<std::string> lacking;
  // Sources that a run could not count, and its report lacks as well.
  std::set<std::string> uncounted;

  RecordedUnits objects;   // of gcc
  RecordedUnits programs;  // of clang and rustc

  // Throws Error, which names `path`, if both hold counts of one run, or if they do not belong to
  // one state of the sources; then nothing is added. What the report was asked for stays.
  void add(const RunRecord& other, const std::string& path);

  // Those that other runs have counted: their counts are not all.
  std::set<std::string> counted_in_part() const;

  // What all units have counted. The sources are named relative to the root, and neither markers
  // nor counts below zero are looked at. Throws Error if a unit cannot be counted.
  CoverageTable count() const;

  void write(PartedText& text) const;
  std::string text() const;  // all that write() writes
};

// Throws Error, which names `path`, if the text is not a whole record of a known version.
RunRecord read_run_record(std::string_view text, const std::string& path);

// Whether it begins as one.
bool is_run_record(std::string_view text);

}  // namespace gentle

// What recorders have written of the processes of one language (languages/hits.h), by source, and
// what of it stands at the lines of the sources that are there now.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "coverage/combine/recorded_java.h"
#include "coverage/languages/hits.h"
#include "coverage/report/absent_sources.h"
#include "coverage/report/work_files.h"
#include "coverage/table/coverage_table.h"
#include "model/coverage_spec.h"
#include "model/language.h"

namespace gentle {

using LineSet = std::set<std::uint32_t>;
using InterpreterVersion = std::vector<std::uint32_t>;  // of 3.12.1: 3, 12, 1

// Of the text that a source had when it ran.
struct TextVersion {
  std::uint64_t size = 0;
  std::uint32_t crc = 0;

  bool operator==(const TextVersion&) const = default;
  bool operator<(const TextVersion& other) const {
    return std::tie(size, crc) < std::tie(other.size, other.crc);
  }
};

struct SourceLines {
  LineSet executed;
  LineSet statements;            // where the recorder knows them
  HitBranches branches;          // likewise
  std::set<std::uint32_t> ways;  // of these, as in HitSource
  std::set<HitArc> arcs;
  InterpreterVersion version;  // the newest one that has executed a line
};

// The newest one comes first: it reads the sources of the others, too.
struct Interpreter {
  InterpreterVersion version;
  std::string program;

  bool operator<(const Interpreter& other) const {
    return std::tie(other.version, program) < std::tie(version, other.program);
  }
};

struct RecordedLines {
  std::map<std::string, std::map<TextVersion, SourceLines>> sources;  // by path
  std::map<std::string, std::uint32_t> uncounted;  // likewise: the recorder's reason
  std::set<std::string> in_several_texts;          // likewise: with other branches in each
  bool has_all_arcs = true;                        // of each process that has executed a line
  std::set<Interpreter> interpreters;
  std::vector<std::string> warnings;
};

// What all processes of one language have executed, as lines of the same table as all the rest.
struct RecordedTable {
  CoverageTable table;                         // of the sources that count
  std::map<std::string, ProbedSource> probed;  // of those in Java among them
  std::set<std::string> uncounted;             // those that would count, but have no counts here
  SourceFates absent;                          // the others
  std::vector<std::string> warnings;
  std::vector<Error> failures;

  void add(RecordedTable other);
};

// "gentle: warning: count lines of Python '<source>': <what>, continuing"
std::string line_warning(Language language, const std::string& source, const std::string& what);

// Of these files of hits. One that cannot be read is a warning.
RecordedLines read_recorded_lines(Language language, const std::vector<std::string>& hits);

// Of the sources that the report counts, the executed lines of the text that is there now. What is
// missing becomes `absent`, or a warning.
std::map<std::string, SourceLines> choose_recorded_lines(Language language, RecordedLines& recorded,
                                                         const CoverageSpec& spec,
                                                         const WorkFiles& work,
                                                         const Environment& environment,
                                                         RecordedTable& result);

}  // namespace gentle

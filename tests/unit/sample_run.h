// A run of one object with a branch, and its record.
#pragma once

#include <string>

#include "coverage/combine/run_record.h"
#include "notes_bytes.h"

namespace gentle {

// Line 6 goes to line 7 or to line 8; line 2 of a header that no report shows stands in block 3.
inline NotesBytes sample_notes() {
  return NotesBytes()
      .function(1, "f", 5, 9)
      .blocks(6)
      .arcs({0, 2, 5})
      .arcs({2, 3, 4, 4, 0})
      .arcs({3, 5, 5})
      .arcs({4, 5, 5})
      .arcs({5, 1, 1})
      .record(kGcnoConditionsTag, words({2, 2}))
      .lines(2, {6})
      .lines(3, {2}, "hidden.h")
      .lines(3, {7})
      .lines(4, {7, 8})
      .function(2, "made", 1, 1, true)
      .blocks(0)
      .function(3, "g", 2, 2, false, "hidden.h")
      .blocks(0);
}

inline UnitNotes read_sample(const std::string& bytes) {
  return read_unit_notes(bytes, "a.gcno", [](const std::string&) { return false; });
}

// How often line 8 was executed is the one counter. `decision`: which of the two terms of line 6
// have decided by their being true, and by their being false.
inline RunRecord sample_run(const std::string& run, std::uint32_t entered, std::uint32_t to_line_8,
                            const std::vector<std::uint64_t>& decision = {}) {
  const NotesBytes bytes = sample_notes();
  const UnitNotes notes = read_sample(bytes.bytes());
  UnitCounters counters = no_counters(notes);
  counters.arcs.at(0) = entered - to_line_8;
  counters.arcs.at(1) = to_line_8;
  for (std::size_t i = 0; i < decision.size(); ++i) counters.decisions.at(i) = decision[i];
  const std::vector<std::string> names = {"src/a.c", ""};
  RunRecord record;
  record.runs = {run};
  record.title = "Title";
  record.formats = {"html", "json"};
  record.sources["src/a.c"] = {17, {9}, {}};
  record.objects.add(
      record_unit("a.gcno", notes, counters,
                  [&](std::uint32_t source) -> const std::string& { return names[source]; }));
  return record;
}

}  // namespace gentle

// The counters that a .gcda holds for the functions of a .gcno.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "coverage/gcov/unit_notes.h"

namespace gentle {

enum class CountersFault {
  kNone,
  kForeign,     // of another compilation or compiler, or no .gcda at all: nothing counts
  kTruncated,   // its process was killed while it wrote: what comes before counts
  kMismatched,  // a function is not as the notes say: what comes before counts
};

struct UnitCounters {
  CountersFault fault = CountersFault::kNone;
  // Of each function of the notes: its counted arcs in the order of the notes, and two sets of bits
  // for each decision. All are there, and 0 where the .gcda says nothing.
  std::vector<std::uint64_t> arcs;
  std::vector<NotesRange> arcs_of_functions;
  std::vector<std::uint64_t> decisions;  // two for each of UnitNotes::decisions

  std::span<const std::uint64_t> arcs_of(std::size_t function) const;
  std::span<const std::uint64_t> decisions_of(const FunctionNotes& function) const;
};

// Counters of a unit that no process has counted.
UnitCounters no_counters(const UnitNotes& notes);

// The bytes may be anything.
UnitCounters read_unit_counters(std::string_view bytes, const UnitNotes& notes);

}  // namespace gentle

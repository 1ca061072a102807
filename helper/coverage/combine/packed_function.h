// One function of an object as bytes: its graph of blocks and arcs, and the lines of its blocks.
// Equal bytes are equal functions, on whatever machine they were compiled.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "coverage/gcov/unit_notes.h"

namespace gentle {

// How a source of the notes is called in a report; "" for one that no report shows.
using SourceNaming = std::function<const std::string&(std::uint32_t source)>;

// Whether a report shows a line of the function, or its count.
bool is_shown(const UnitNotes& notes, const FunctionNotes& function, const SourceNaming& name_of);

std::string pack_function(const UnitNotes& notes, const FunctionNotes& function,
                          const SourceNaming& name_of);

// How many counters it has: those that add up, and two for each of its decisions.
struct CounterNumbers {
  std::size_t sums = 0;
  std::size_t decisions = 0;
};

// Makes the notes of a unit from its functions. The bytes have to stay: texts are views into them.
class UnitUnpacker {
 public:
  explicit UnitUnpacker(const std::string& name) { notes_.name = name; }

  // Sources without a name become one of their own each. Throws Error, with a cause alone, for
  // bytes that are no function; takes time and memory in proportion to them, whatever they say.
  CounterNumbers add(std::string_view bytes);

  UnitNotes take() { return std::move(notes_); }

 private:
  UnitNotes notes_;
  std::unordered_map<std::string_view, std::uint32_t> sources_;
};

}  // namespace gentle

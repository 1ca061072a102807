// What gcc's .gcno says of an object: its functions as graphs of blocks and arcs, and the lines of
// each block. One flat table of each kind for the whole object, and a range of it for each
// function: an object has thousands of small functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/gcov/gcno_reader.h"
#include "coverage/gcov/source_name.h"

namespace gentle {

// Each function is entered by its first block and left by its second.
inline constexpr std::uint32_t kEntryBlock = 0;
inline constexpr std::uint32_t kExitBlock = 1;

struct NotesArc {
  std::uint32_t source = 0;
  std::uint32_t destination = 0;
  std::uint32_t flags = 0;

  // On the spanning tree: it has no counter, its count follows from the others.
  bool is_on_tree() const { return (flags & 1U) != 0; }
  // No jump of the program: from a call that may not return to the exit, for one.
  bool is_fake() const { return (flags & 2U) != 0; }
  bool is_fall_through() const { return (flags & 4U) != 0; }
  bool has_counter() const { return !is_on_tree() && !is_fake(); }
};

// Lines of one source that a block stands on. A block may have several such places, some without
// lines.
struct NotesPlace {
  std::uint32_t block = 0;
  std::uint32_t source = 0;      // in UnitNotes::sources
  std::uint32_t first_line = 0;  // in UnitNotes::lines
  std::uint32_t lines = 0;
};

// A decision of -fcondition-coverage: the block that ends it, and its terms.
struct NotesDecision {
  std::uint32_t block = 0;
  std::uint32_t terms = 0;
};

struct NotesRange {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
};

struct FunctionNotes {
  std::uint32_t ident = 0;
  std::uint32_t lines_checksum = 0;
  std::uint32_t flow_checksum = 0;
  std::string_view name;       // as the linker knows it
  bool is_artificial = false;  // made by the compiler, as that which makes the globals of a file
  std::uint32_t source = 0;    // in UnitNotes::sources
  std::uint32_t start_line = 0;
  std::uint32_t start_column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
  std::uint32_t blocks = 0;  // at most two more than its arcs have ends
  NotesRange arcs;
  NotesRange places;
  NotesRange decisions;  // in no order
};

// The texts but the sources are views into the bytes that were read.
struct UnitNotes {
  std::string name;  // the path of the file, for errors
  NotesHeader header;
  std::string_view directory;        // where the compiler ran
  std::vector<std::string> sources;  // as plain_source_name gives them, each once
  std::vector<FunctionNotes> functions;
  std::vector<NotesArc> arcs;
  std::vector<NotesPlace> places;
  std::vector<std::uint32_t> lines;
  std::vector<NotesDecision> decisions;

  std::span<const NotesArc> arcs_of(const FunctionNotes& function) const;
  std::span<const NotesPlace> places_of(const FunctionNotes& function) const;
  std::span<const NotesDecision> decisions_of(const FunctionNotes& function) const;
  std::span<const std::uint32_t> lines_of(const NotesPlace& place) const;
};

// Throws Error with `name`, the path of the file, if the bytes are no .gcno of a gcc that
// find_gcov_format knows, are not whole, or contradict themselves. Takes time and memory in
// proportion to the bytes, whatever they say. The memory of `used` is used again.
UnitNotes read_unit_notes(std::string_view bytes, const std::string& name,
                          const FolderExists& exists, UnitNotes used = {});

}  // namespace gentle

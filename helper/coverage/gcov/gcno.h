// The two files of gcov: .gcno, which the compiler writes beside an object file, and .gcda, the
// counters that a process writes when it ends. Only what tells whether a .gcda can be counted is
// read here; the bytes may be anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gentle {

// How a .gcno begins. A .gcda belongs to it if version and stamp are the same.
struct NotesHeader {
  std::uint32_t version = 0;  // four letters: "B22*" is GCC 12.2, "408*" what Clang writes
  std::uint32_t stamp = 0;    // changes with every compilation
  bool big_endian = false;

  // GCC 12 and newer count lengths in bytes, not words, and write a checksum behind the stamp.
  bool since_gcc_12() const;
};

// Nothing if the bytes are no .gcno.
std::optional<NotesHeader> read_notes_header(std::string_view bytes);

enum class DataFault {
  kNone,
  kTruncated,  // its process was killed while it wrote
  kForeign,    // of another compilation or compiler, or no .gcda at all
};

DataFault check_data(std::string_view data, const NotesHeader& notes);

// A .gcda that says "nothing was executed", for `ctest -T Coverage`, which counts only objects with
// a .gcda. A process that runs later must be able to write its own in its place: no merging, so it
// must look like the data of another compilation (GCC 12 and newer) or be empty (before, and
// Clang).
std::string placeholder_data(const NotesHeader& notes);

}  // namespace gentle

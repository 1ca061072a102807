// The two files of gcov: .gcno, which the compiler writes beside an object file, and .gcda, the
// counters that a process writes when it ends. Read here is what tells whether a .gcda can be
// counted, and which sources an object was compiled from; the bytes may be anything.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/gcov/gcno_reader.h"

namespace gentle {

// A source file with lines that count.
struct NotesSource {
  std::string name;  // as the compiler was told: relative to its folder, mapped, by #line
  std::uint32_t last_line = 0;  // the highest one that counts
};

// What was compiled.
struct Notes {
  NotesHeader header;
  std::string directory;                 // where the compiler ran; "": it does not say, as Clang
  std::vector<NotesSource> sources;      // in the order of their first lines, each once
  std::vector<std::uint32_t> functions;  // their idents
};

// Throws Error with `name`, the path of the file, and what is wrong with it: no .gcno, or one that
// is not whole. That GCC's ends where another function should follow cannot be seen: it has no end.
// But then data of a process knows the function.
Notes parse_notes(std::string_view bytes, const std::string& name);

// The same object with other names for its sources: gcov needs to find a source by its name to
// write about its lines. `bytes` are whole.
using Rename = std::function<std::string(const std::string& name)>;
std::string rename_sources(std::string_view bytes, const Rename& rename);

enum class DataFault {
  kNone,
  kTruncated,  // its process was killed while it wrote
  kForeign,    // of another compilation or compiler, or no .gcda at all
};

DataFault check_data(std::string_view data, const NotesHeader& notes);

}  // namespace gentle

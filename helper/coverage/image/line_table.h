// Which source files have code in a program, by the line table of its debugging information
// (.debug_line of DWARF 2 to 5, which compilers write with -g). A declaration has no code, nor has
// what the linker has left out: the second copy of an inline function. The bytes may be anything.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/image/process_memory.h"

namespace gentle {

// The files with code of what one run of the compiler has made; only those with an absolute path.
using LineUnit = std::set<std::string>;

struct LineSections {
  std::string_view lines;         // .debug_line
  std::string_view line_strings;  // .debug_line_str
  std::string_view strings;       // .debug_str
};

// A unit that is damaged, or of another version, is left out; what is behind a length that is
// damaged, too.
std::vector<LineUnit> parse_line_tables(const LineSections& sections);

// None if the program has no line table, or a compressed one. Throws Error as read_elf_image().
std::vector<LineUnit> read_line_tables(const Memory& program);

}  // namespace gentle

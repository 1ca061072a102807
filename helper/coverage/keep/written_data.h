// Which programs have written what is in a folder, as far as the files alone tell it.
#pragma once

#include <cstdint>
#include <set>
#include <string>

namespace gentle {

// The compilations of which there is a .gcda below the folder.
std::set<std::uint32_t> gcda_stamps_below(const std::string& folder);

// Whether there is anything of this program itself, and not only of libraries: all of it then,
// since the runtimes write all of an image, or nothing. True as well if the program does not tell
// what would be its own. Throws Error if the program cannot be read.
bool has_data_of(const std::string& program, const std::string& folder);

}  // namespace gentle

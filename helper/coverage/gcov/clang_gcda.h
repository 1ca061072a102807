// The .gcda files that clang's --coverage writes: those of gcc 4.8, and without anything but arcs.
// They are only added up here: nothing else looks into them.
#pragma once

#include <string>
#include <string_view>

namespace gentle {

// By the version word in its header.
bool is_clang_gcda(std::string_view bytes);

// The sum of two files of the same object file. Throws Error, with the second one's `name`, if they
// are not.
std::string merge_clang_gcda(std::string_view into, std::string_view from, const std::string& name);

}  // namespace gentle

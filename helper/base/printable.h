// Foreign text as people can read it on a terminal, which obeys none of it.
#pragma once

#include <string>
#include <string_view>

namespace gentle {

// Control characters (but newline and tab), those of C1 too, and what is no UTF-8 become '?'.
std::string printable(std::string_view text);

// Of a text that goes on: how much of it ends with a whole character, whatever comes next.
std::size_t whole_characters(std::string_view text);

}  // namespace gentle

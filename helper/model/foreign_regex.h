// What people write in a regular expression because Perl, Python or JavaScript have it.
#pragma once

#include <string>
#include <string_view>

namespace gentle {

// What in the pattern POSIX does not define, with the spelling that it has for it; "" if all is
// well. \w \W \s \S \b \B \< \> are not in POSIX either, but mean the same to glibc and to musl.
std::string foreign_syntax(std::string_view pattern);

}  // namespace gentle

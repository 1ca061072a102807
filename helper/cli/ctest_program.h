// Where ctest finds the program of a test.
#pragma once

#include <string>

namespace gentle {

// The path of `program` as ctest would find it from the current folder: there, or in the folder of
// the configuration below it, which is one of CMake's own if none is given. Else `program` as it
// is, to be looked up on PATH. Seen with CMake 3.22, 3.25 and 4.4.
std::string program_of_ctest(const std::string& program, const std::string& configuration);

}  // namespace gentle

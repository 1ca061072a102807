// `gentle --cmake-prefix`: where an installed package is, for CMAKE_PREFIX_PATH.
#pragma once

#include <string>

namespace gentle {

// The prefix of the package to which the program at `program` belongs. The package may have been
// moved: it is looked for from the program's folder, in the layout of its installation. Throws
// Error if the CMake functions are not there.
std::string cmake_prefix(const std::string& program);

}  // namespace gentle

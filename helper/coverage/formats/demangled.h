// Names of functions as people write them.
#pragma once

#include <string>

namespace gentle {

// "_Z1fi": "f(int)". What is no name of C++ stays as it is.
std::string demangled(const std::string& name);

}  // namespace gentle

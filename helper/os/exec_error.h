// Why a program cannot be executed, for people: the kernel says no more than an errno.
#pragma once

#include <string>

#include "base/error.h"

namespace gentle {

// execve(2) of this path, which holds a slash, has failed.
Error exec_error(const std::string& program, int errnum);

// Neither this path nor, of a name without a slash, a file on PATH.
std::string hint_for_missing(const std::string& program, const std::string& otherwise);

}  // namespace gentle

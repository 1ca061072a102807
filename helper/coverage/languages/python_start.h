// Whether a process is one of Python, and whether our recorder starts in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gentle {

// By the name of its program: python, python3.12, python3-dbg, pypy3.
bool is_python(std::string_view program);

// Of a process that has just executed Python: "" if the recorder in this folder starts, or why not.
// `path` is its PYTHONPATH.
std::string why_no_python_recorder(const std::vector<std::string>& arguments, std::string_view path,
                                   std::string_view recorder);

}  // namespace gentle

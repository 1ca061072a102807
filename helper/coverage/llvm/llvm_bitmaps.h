// The bitmaps of functions with decisions (-fcoverage-mcdc) in what `llvm-profdata merge -text`
// writes of a profile: LLVM promises that text, and not the bytes of its profiles. It is taken as
// input from outside.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace gentle {

// By the function's name, as llvm-cov calls it, and its hash. Of functions that have one.
using LlvmBitmaps = std::map<std::pair<std::string, std::uint64_t>, std::string>;

// `name` is for messages. Throws Error if it is no such text.
LlvmBitmaps read_llvm_bitmaps(std::string_view text, const std::string& name);

}  // namespace gentle

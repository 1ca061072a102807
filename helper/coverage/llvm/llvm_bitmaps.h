// The bitmaps of functions with decisions (-fcoverage-mcdc) in what `llvm-profdata merge -text`
// writes of a profile: LLVM promises that text, and not the bytes of its profiles. It is taken as
// input from outside.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gentle {

// By the name of the function, as llvm-cov calls it. Nothing where several have one name.
using LlvmBitmaps = std::map<std::string, std::optional<std::string>, std::less<>>;

// `name` is for messages. Throws Error if it is no such text.
LlvmBitmaps read_llvm_bitmaps(std::string_view text, const std::string& name);

}  // namespace gentle

// Many paths in a few words.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace gentle {

std::string count_of_files(std::size_t count);  // "1 file", "2 files"

// A few names; more: by folder; more than a few of these: all that is below one. Relative to the
// root, where that is near. Paths may be relative, and have no folder above all of them.
std::string short_list(const std::vector<std::string>& paths, const std::string& root);

}  // namespace gentle

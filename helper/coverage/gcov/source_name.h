// The name under which gcov knows a source: several names of the notes may mean one file.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace gentle {

// Whether a folder exists; a relative one is meant from where the compiler ran.
using FolderExists = std::function<bool(const std::string& folder)>;

// Without "." and doubled slashes; and without a folder that ".." leaves, if that folder exists.
// (Where it does not, it may have been a link, and the name may mean another file without it.)
std::string plain_source_name(std::string_view name, const FolderExists& exists);

}  // namespace gentle

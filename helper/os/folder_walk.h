// Looks at all that is below a folder, whatever others do there meanwhile.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace gentle {

// Gives back whether to go on into it, if it is a folder. A link to a folder is one, which is never
// gone into.
using VisitEntry = std::function<bool(const std::filesystem::path& path, bool is_folder)>;

// In no order. A folder that is gone, or may not be read, is as if it was empty: one of them costs
// nothing but itself. Throws Error for one that cannot be read for another reason.
void walk_folder(const std::string& folder, const VisitEntry& visit);

}  // namespace gentle

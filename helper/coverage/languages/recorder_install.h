// Puts the recorder of a language where its processes find it.
#pragma once

#include <string>
#include <string_view>

namespace gentle {

// Writes the files of assets/<language>/, but `left_out`, below the coverage folder of the build,
// where they stay. Returns their folder.
std::string install_recorder(const std::string& coverage_folder, std::string_view language,
                             std::string_view left_out = "");

}  // namespace gentle

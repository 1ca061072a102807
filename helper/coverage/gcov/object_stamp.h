// What gcc left in an object file: the stamp by which it belongs to a .gcno.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace gentle {

// Nothing if the object has no counters of gcc, or cannot be read: one of -flto alone is no machine
// code yet.
std::optional<std::uint32_t> stamp_of_object(const std::string& path);

}  // namespace gentle

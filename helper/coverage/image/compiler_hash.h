// The hashes by which compilers name what they put into an image: Go its meta-data (MD5 up to
// Go 1.23, since then FNV-1a of 128 bits), Clang its functions (the first half of the MD5).
#pragma once

#include <string>
#include <string_view>

namespace gentle {

// 16 bytes.
std::string md5_of(std::string_view bytes);
std::string fnv128_of(std::string_view bytes);

}  // namespace gentle

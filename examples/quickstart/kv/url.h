#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kv {

// "a%2Fb" -> "a/b". Nothing for a '%' without two hexadecimal digits after it.
std::optional<std::string> percent_decode(std::string_view text);

// The inverse: everything but letters, digits and "-._~" becomes %XX.
std::string percent_encode(std::string_view text);

// "a=1&b=x%20y" -> {a: "1", b: "x y"}; '+' is a space, as in HTML forms; the last of equal names
// wins. Nothing when a name or a value cannot be decoded.
std::optional<std::map<std::string, std::string, std::less<>>> parse_query(std::string_view query);

}  // namespace kv

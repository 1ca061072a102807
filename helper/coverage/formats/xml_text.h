// Text as it stands in an attribute or an element of XML.
#pragma once

#include <string>
#include <string_view>

namespace gentle {

// What XML cannot hold (control characters, what is no UTF-8) becomes '?'.
std::string xml_text(std::string_view text);

}  // namespace gentle

// Text and numbers as a script's literals, which are JSON as well.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gentle {

// Adds `text` as a quoted literal of ASCII. No part of it can end the literal, the script or the
// <script> element around it. A byte that is no UTF-8 is taken for Latin-1: sources may be older.
void add_js_string(std::string& script, std::string_view text);

// As a number, or as a string where a script's numbers are not exact any more.
void add_js_count(std::string& script, std::int64_t count);

// As the text of an HTML element, or the value of an attribute in double quotes.
std::string html_text(std::string_view text);

}  // namespace gentle

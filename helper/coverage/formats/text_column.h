// Columns of a table for people.
#pragma once

#include <cstddef>
#include <string>

namespace gentle {

enum class Side { kLeft, kRight };

// The width on a terminal, near enough: bytes that continue a UTF-8 letter take no room.
std::size_t text_width(const std::string& text);

// With spaces up to `width`; a text that is longer stays whole.
std::string aligned(const std::string& text, std::size_t width, Side side);

// A name that holds a newline, control characters or no UTF-8 must not spoil the table.
std::string in_one_line(const std::string& text);

}  // namespace gentle

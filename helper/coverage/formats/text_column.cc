#include "coverage/formats/text_column.h"

#include <algorithm>

#include "base/printable.h"

namespace gentle {

std::size_t text_width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string aligned(const std::string& text, std::size_t width, Side side) {
  const std::size_t taken = text_width(text);
  const std::string space(width > taken ? width - taken : 0, ' ');
  return side == Side::kRight ? space + text : text + space;
}

std::string in_one_line(const std::string& text) {
  std::string line = printable(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, '?');
  return line;
}

}  // namespace gentle

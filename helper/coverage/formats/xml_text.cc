#include "coverage/formats/xml_text.h"

#include "base/printable.h"

namespace gentle {
namespace {

// "" if it stands for itself. A newline or tab in an attribute would be read as a space.
std::string_view escaped(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\n':
      return "&#10;";
    case '\t':
      return "&#9;";
    default:
      return "";
  }
}

}  // namespace

std::string xml_text(std::string_view text) {
  constexpr std::string_view kNoCharacter = "\xEF\xBF";  // followed by BE or BF: U+FFFE, U+FFFF
  std::string safe = printable(text);
  for (std::size_t at = 0; (at = safe.find(kNoCharacter, at)) != std::string::npos; ++at) {
    if (static_cast<unsigned char>(safe[at + 2]) >= 0xBE) safe.replace(at, 3, "?");
  }
  std::string result;
  for (const char c : safe) {
    const std::string_view instead = escaped(c);
    if (instead.empty()) {
      result += c;
    } else {
      result += instead;
    }
  }
  return result;
}

}  // namespace gentle

#include "base/plain_text.h"

#include <algorithm>

namespace gentle {
namespace {

constexpr char kEscapeByte = '\x1b';
constexpr char kBell = '\x07';

bool is_between(char c, char first, char last) { return c >= first && c <= last; }

}  // namespace

std::string PlainText::take(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    if (part_ == Part::kText) {
      const std::size_t plain = std::min(text.find(kEscapeByte), text.size());
      shown += text.substr(0, plain);
      text.remove_prefix(plain);
      if (text.empty()) break;
    }
    if (is_shown(text.front())) shown += text.front();
    text.remove_prefix(1);
  }
  return shown;
}

// Takes one byte that follows ESC, or ESC itself.
bool PlainText::is_shown(char c) {
  if (c == '\n' || c == '\r') {
    part_ = Part::kText;
    return true;
  }
  if (c == kEscapeByte) {
    const bool in_string = part_ == Part::kString || part_ == Part::kStringEscape;
    part_ = in_string ? Part::kStringEscape : Part::kEscape;
    return false;
  }
  switch (part_) {
    case Part::kText:
      return true;
    case Part::kEscape:
      if (c == '[') {
        part_ = Part::kParameters;
      } else if (std::string_view("]PX^_").find(c) != std::string_view::npos) {
        part_ = Part::kString;
      } else if (is_between(c, ' ', '/')) {
        part_ = Part::kIntermediate;
      } else {
        part_ = Part::kText;
        return !is_between(c, '0', '~');
      }
      return false;
    case Part::kIntermediate:
      if (is_between(c, ' ', '/')) return false;
      part_ = Part::kText;
      return !is_between(c, '0', '~');
    case Part::kParameters:
      if (is_between(c, ' ', '?')) return false;
      part_ = Part::kText;
      return !is_between(c, '@', '~');
    case Part::kString:
      if (c == kBell) part_ = Part::kText;
      return false;
    case Part::kStringEscape:
      part_ = c == '\\' ? Part::kText : Part::kString;
      return false;
  }
  return true;
}

}  // namespace gentle

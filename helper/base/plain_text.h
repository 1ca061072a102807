// What a program writes to a terminal, without what a terminal does not show: colours, titles,
// cursor movements (the escape sequences of ECMA-48). Some programs write them to a file as well,
// as soon as FORCE_COLOR is set.
#pragma once

#include <string>
#include <string_view>

namespace gentle {

class PlainText {
 public:
  // The text may be cut anywhere, also within a sequence. A sequence that is none, or that a line
  // ends, hides nothing of what follows.
  std::string take(std::string_view text);

 private:
  enum class Part {
    kText,
    kEscape,        // after ESC
    kIntermediate,  // ESC ( and its like: one more byte
    kParameters,    // ESC [
    kString,        // ESC ] and its like: up to BEL or ESC \ .
    kStringEscape,  // ESC in it
  };

  bool is_shown(char c);

  Part part_ = Part::kText;
};

}  // namespace gentle

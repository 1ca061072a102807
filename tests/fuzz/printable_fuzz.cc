// Foreign text: whatever it is, a terminal obeys none of it.
#include <algorithm>
#include <cstdint>
#include <string>

#include "base/plain_text.h"
#include "base/printable.h"
#include "fuzz.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto foreign = gentle::fuzz::text(data, size);
  const std::string text = gentle::printable(foreign);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    require((byte >= 0x20 && byte != 0x7F) || byte == '\n' || byte == '\t', "no control character");
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    require(byte != 0xC2 || next >= 0xA0, "nor one of C1");
  }
  require(gentle::printable(text) == text, "what is printable stays");
  const std::size_t half = foreign.size() / 2;
  const std::size_t whole = gentle::whole_characters(std::string_view(foreign).substr(0, half));
  require(half - whole < 4, "little waits for what comes");
  require(gentle::printable(std::string_view(foreign).substr(0, whole)) +
                  gentle::printable(std::string_view(foreign).substr(whole)) ==
              text,
          "pieces of whole characters are the same");
  gentle::PlainText plain;
  require(plain.take(text) == text, "and holds no escape sequence");
  return 0;
}

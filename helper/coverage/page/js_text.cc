#include "coverage/page/js_text.h"

#include <array>

namespace gentle {
namespace {

constexpr std::int64_t kLargestExact = std::int64_t{1} << 53U;

struct CodePoint {
  char32_t code = 0;
  std::size_t bytes = 1;
};

std::size_t length_of(unsigned char first) {
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 1;
}

// The first one, by RFC 3629.
CodePoint first_code_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const CodePoint alone{byte(0), 1};
  const std::size_t length = length_of(byte(0));
  if (length == 1 || text.size() < length) return alone;
  char32_t code = byte(0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return alone;
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const bool is_overlong = code < (length == 4 ? 0x10000U : length == 3 ? 0x800U : 0x80U);
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (is_overlong || is_surrogate || code > 0x10FFFF) return alone;
  return {code, length};
}

void add_unit(std::string& script, std::uint32_t unit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  script += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) script += kDigits[unit >> shift & 0xFU];
}

void add_code(std::string& script, char32_t code) {
  if (code < 0x10000) {
    add_unit(script, code);
    return;
  }
  code -= 0x10000;
  add_unit(script, 0xD800 + (code >> 10U));
  add_unit(script, 0xDC00 + (code & 0x3FFU));
}

// What may stand for itself. '<' and '>' could end the <script> element or a comment around it.
constexpr bool is_plain(unsigned char c) {
  return c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

constexpr std::array<bool, 256> plain_bytes() {
  std::array<bool, 256> plain{};
  for (std::size_t i = 0; i < plain.size(); ++i) plain[i] = is_plain(static_cast<unsigned char>(i));
  return plain;
}

constexpr std::array<bool, 256> kPlain = plain_bytes();

}  // namespace

void add_js_string(std::string& script, std::string_view text) {
  script += '"';
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = begin;
    while (end < text.size() && kPlain[static_cast<unsigned char>(text[end])]) ++end;
    script += text.substr(begin, end - begin);
    begin = end;
    if (begin == text.size()) break;
    if (text[begin] == '\n') {
      script += "\\n";
      ++begin;
      continue;
    }
    const CodePoint first = first_code_of(text.substr(begin));
    add_code(script, first.code);
    begin += first.bytes;
  }
  script += '"';
}

void add_js_count(std::string& script, std::int64_t count) {
  const bool is_exact = count <= kLargestExact && count >= -kLargestExact;
  const std::string digits = std::to_string(count);
  script += is_exact ? digits : '"' + digits + '"';
}

std::string html_text(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

}  // namespace gentle

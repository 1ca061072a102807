#include "coverage/page/js_text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace gentle {
namespace {

std::string js_string(std::string_view text) {
  std::string script;
  add_js_string(script, text);
  return script;
}

std::string js_count(std::int64_t count) {
  std::string script;
  add_js_count(script, count);
  return script;
}

TEST(JsTextTest, PlainTextStandsForItself) {
  EXPECT_EQ(js_string("int a = b[1]; // 'x'"), "\"int a = b[1]; // 'x'\"");
  EXPECT_EQ(js_string(""), "\"\"");
}

TEST(JsTextTest, NothingEndsTheLiteralOrTheScript) {
  EXPECT_EQ(js_string("\"\\\n"), R"("\u0022\u005c\n")");
  EXPECT_EQ(js_string("</script><!--&"), R"("\u003c/script\u003e\u003c!--\u0026")");
  EXPECT_EQ(js_string(std::string_view("\0\r\x7f", 3)), R"("\u0000\u000d\u007f")");
}

TEST(JsTextTest, OtherCharactersAreEscaped) {
  EXPECT_EQ(js_string("\u00e4\u2028\U0001F600"), R"("\u00e4\u2028\ud83d\ude00")");
}

TEST(JsTextTest, BytesThatAreNoUtf8AreLatin1) {
  EXPECT_EQ(js_string("f\xfcr"), R"("f\u00fcr")");
  EXPECT_EQ(js_string("\xe2\x82"), R"("\u00e2\u0082")");            // cut
  EXPECT_EQ(js_string("\xc0\xaf"), R"("\u00c0\u00af")");            // overlong
  EXPECT_EQ(js_string("\xed\xa0\x80"), R"("\u00ed\u00a0\u0080")");  // a surrogate
}

TEST(JsTextTest, EveryByteIsValidJson) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second)};
      const std::string script = js_string(text);
      ASSERT_TRUE(nlohmann::json::accept(script)) << script;
      ASSERT_EQ(script.find_first_of("<>\n\r"), std::string::npos) << script;
    }
  }
}

TEST(JsTextTest, CountsThatAScriptWouldRoundAreText) {
  EXPECT_EQ(js_count(0), "0");
  EXPECT_EQ(js_count(9007199254740992), "9007199254740992");
  EXPECT_EQ(js_count(9007199254740993), "\"9007199254740993\"");
  EXPECT_EQ(js_count(std::numeric_limits<std::int64_t>::min()), "\"-9223372036854775808\"");
}

TEST(JsTextTest, HtmlIsText) {
  EXPECT_EQ(html_text("<b a=\"1\">&</b>"), "&lt;b a=&quot;1&quot;&gt;&amp;&lt;/b&gt;");
}

}  // namespace
}  // namespace gentle

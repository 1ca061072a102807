#include "coverage/formats/xml_text.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(XmlText, EscapesWhatXmlMeansByItself) {
  EXPECT_EQ(xml_text("a<b> & \"c\" 'd'"), "a&lt;b&gt; &amp; &quot;c&quot; 'd'");
  EXPECT_EQ(xml_text("a\nb\tc"), "a&#10;b&#9;c");
}

TEST(XmlText, MendsWhatXmlCannotHold) {
  EXPECT_EQ(xml_text("a\x01"
                     "b\xff"
                     "c\xc3\xa9"),
            "a?b?c\xc3\xa9");
  EXPECT_EQ(xml_text("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD"), "??\xEF\xBF\xBD");
}

}  // namespace
}  // namespace gentle

#include "base/printable.h"

#include <gtest/gtest.h>

#include <string>

namespace gentle {
namespace {

TEST(Printable, LeavesTextAsItIs) {
  for (const std::string text : {"", "one\n\ttwo", "gr\xC3\xBC\xC3\x9F", "\xC2\xA0", "\xE2\x82\xAC",
                                 "\xF0\x9F\x8C\xB1", "\xF4\x8F\xBF\xBF", "\xEF\xBF\xBD"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, ShowsNoControlCharacters) {
  EXPECT_EQ(printable("a\x1B[31mb\rc\x07\x7F"), "a?[31mb?c??");
  EXPECT_EQ(printable(std::string("\0", 1)), "?");
  // C1: CSI and OSC to a terminal of eight bits.
  EXPECT_EQ(printable("\xC2\x80-\xC2\x9B-\xC2\x9F"), "?-?-?");
}

TEST(Printable, ShowsNothingThatIsNoUtf8) {
  EXPECT_EQ(printable("\x80\x9B\xFF"), "???");
  EXPECT_EQ(printable("\xC3"), "?");                 // cut
  EXPECT_EQ(printable("\xC3("), "?(");               // begun
  EXPECT_EQ(printable("\xC0\x9B"), "??");            // ESC in two bytes
  EXPECT_EQ(printable("\xE0\x80\x9B"), "???");       // and in three
  EXPECT_EQ(printable("\xED\xA0\x80"), "???");       // a surrogate
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "????");  // beyond Unicode
  EXPECT_EQ(printable("\xF0\x80\x80\x80"), "????");
}

TEST(Printable, OfATextThatGoesOnOnlyWholeCharacters) {
  EXPECT_EQ(whole_characters(""), 0U);
  EXPECT_EQ(whole_characters("ab"), 2U);
  EXPECT_EQ(whole_characters("a\xC3\xBC"), 3U);
  EXPECT_EQ(whole_characters("a\xC3"), 1U);
  EXPECT_EQ(whole_characters("a\xE2\x82"), 1U);
  EXPECT_EQ(whole_characters("\xF0\x9F\x8C"), 0U);
  EXPECT_EQ(whole_characters("\xF0\x9F\x8C\xB1"), 4U);
  EXPECT_EQ(whole_characters("\x80\x80\x80\x80\x80"), 5U);  // of none
}

}  // namespace
}  // namespace gentle

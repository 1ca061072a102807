#include "base/plain_text.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

std::string plain(std::string_view text) { return PlainText().take(text); }

TEST(PlainText, OtherTextStays) {
  const std::string text("a\tb\0c\r\n\xe9\xc3\xa4\x9b[0m", 14);
  EXPECT_EQ(plain(text), text);
}

TEST(PlainText, Colours) {
  EXPECT_EQ(plain("\x1b[2mready in \x1b[0m\x1b[1m129\x1b[22m\x1b[2m\x1b[0m ms\x1b[22m\n"),
            "ready in 129 ms\n");
  EXPECT_EQ(plain("\x1b[38;5;196mred\x1b[m \x1b[38:2::1:2:3mrgb"), "red rgb");
}

TEST(PlainText, Cursor) { EXPECT_EQ(plain("\x1b[2K\x1b[1G\x1b[?25lReady\x1b[ q"), "Ready"); }

TEST(PlainText, TitlesAndLinks) {
  EXPECT_EQ(plain("\x1b]0;my server\x07Ready"), "Ready");
  EXPECT_EQ(plain("\x1b]8;;http://localhost\x1b\\Local\x1b]8;;\x1b\\ is up"), "Local is up");
}

TEST(PlainText, OtherEscapes) {
  EXPECT_EQ(plain("\x1b(BReady\x1b"
                  "7\x1b=\x1b"
                  "M"),
            "Ready");
}

TEST(PlainText, WhatIsNoSequenceHidesNothing) {
  EXPECT_EQ(plain("\x1b]0;no end\nReady\n"), "\nReady\n");
  EXPECT_EQ(plain("\x1b[12\nReady"), "\nReady");
  EXPECT_EQ(plain("\x1b\x1b[1mReady"), "Ready");
  EXPECT_EQ(plain("\x1b[1\xc3\xa4"), "\xc3\xa4");
}

TEST(PlainText, ASequenceMayBeCutAnywhere) {
  const std::string_view text = "a\x1b[1;2mb\x1b]0;t\x1b\\c\x1b(Bd\x1b[Ke\n";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    PlainText pieces;
    std::string shown = pieces.take(text.substr(0, cut));
    shown += pieces.take(text.substr(cut));
    EXPECT_EQ(shown, "abcde\n") << cut;
  }
}

}  // namespace
}  // namespace gentle

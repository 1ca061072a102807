#include "base/shown_lines.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gentle {
namespace {

using Lines = std::vector<std::string>;

TEST(ShownLines, EndAtEachKindOfEnd) {
  EXPECT_EQ(shown_lines("one\r\ntwo\nthree\r\r\nfour"), Lines({"one", "two", "three", "four"}));
  EXPECT_EQ(shown_lines("10 %\r20 %\rdone\n"), Lines({"10 %", "20 %", "done"}));
  EXPECT_EQ(shown_lines("\r10 %\r20 %"), Lines({"10 %", "20 %"}));
  EXPECT_EQ(shown_lines("\n\r\na"), Lines({"", "", "a"}));
  EXPECT_EQ(shown_lines("a\r"), Lines({"a"}));
  EXPECT_EQ(shown_lines("\r\r"), Lines());
  EXPECT_EQ(shown_lines(""), Lines());
}

TEST(ShownLines, ArePrintableAndHaveNoColours) {
  EXPECT_EQ(shown_lines("a\x01"
                        "b\r\n\xFF",
                        2),
            Lines({"a?", "?"}));
  EXPECT_EQ(shown_lines("\x1B[32mINFO\x1B[0m up\r\n"), Lines({"INFO up"}));
}

// All of it, and how many pieces it came in.
struct Pieces {
  std::string text;
  int count = 0;
};

Pieces pieces_of(std::string_view log, std::size_t step) {
  Pieces pieces;
  ShownLines shown([&](std::string_view piece, bool ends) {
    pieces.text += std::string(piece) + (ends ? "|" : "");
    ++pieces.count;
  });
  for (; !log.empty(); log.remove_prefix(std::min(step, log.size())))
    shown.take(log.substr(0, step));
  shown.finish();
  return pieces;
}

TEST(ShownLines, AreTheSameHoweverTheLogIsCut) {
  const std::string_view log =
      "one\r\n\n\r\r\n\x1B[32m\xE2\x82\xAC\x1B[0m\r\r\nt\xC3wo\r\rthree\r\xF0\x9F\x8C\xB1";
  for (std::size_t step = 1; step <= log.size(); ++step) {
    EXPECT_EQ(pieces_of(log, step).text, "one|||\xE2\x82\xAC|t?wo|three|\xF0\x9F\x8C\xB1|") << step;
  }
}

TEST(ShownLines, ALongOneComesInPiecesOfWholeCharacters) {
  std::string line = "x";
  for (int i = 0; i < 100000; ++i) line += "\xE2\x82\xAC";
  for (const std::size_t step : {1000, 4096, 65536, 1 << 20}) {
    const Pieces pieces = pieces_of(line, step);
    EXPECT_EQ(pieces.text, line + "|");
    EXPECT_GT(pieces.count, step > 65536 ? 1 : 2);
  }
}

TEST(ShownLines, AnotherTextBeginsALine) {
  Lines lines;
  ShownLines shown([&](std::string_view piece, bool) { lines.emplace_back(piece); });
  shown.take("one\x1B]");  // a title that does not end
  shown.finish();
  shown.take("two\r");
  shown.finish();
  shown.take("\nthree");
  shown.finish();
  EXPECT_EQ(lines, Lines({"one", "two", "", "three"}));
}

}  // namespace
}  // namespace gentle

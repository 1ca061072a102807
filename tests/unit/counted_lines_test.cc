#include "coverage/report/counted_lines.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gentle {
namespace {

TEST(CountedLines, AreReadAsTheyWereWritten) {
  const CountedLines lines = {
      {"/s/a b.cc", {1, 2, 3, 7, 9, 10}}, {"/s/none.cc", {}}, {"/s/one.cc", {5}}};
  const std::string text = write_counted_lines(lines);
  EXPECT_EQ(text,
            "gentle-lines 1\nfile /s/a b.cc\nlines 1-3 7 9-10\nfile /s/none.cc\nfile "
            "/s/one.cc\nlines 5\nend\n");
  EXPECT_EQ(parse_counted_lines(text, "lines"), lines);
}

TEST(CountedLines, RefuseWhatIsNotWhole) {
  for (const char* text :
       {"", "gentle-lines 1\n", "gentle-lines 2\nend\n", "gentle-lines 1\nlines 1\nend\n",
        "gentle-lines 1\nfile /a\nlines 3-2\nend\n", "gentle-lines 1\nfile /a\nlines 0\nend\n",
        "gentle-lines 1\nfile /a\nlines 1-5 5\nend\n",
        "gentle-lines 1\nfile /a\nlines 1-99999999999\nend\n", "gentle-lines 1\nend\nmore\n"}) {
    EXPECT_THROW(parse_counted_lines(text, "lines"), Error) << text;
  }
}

}  // namespace
}  // namespace gentle

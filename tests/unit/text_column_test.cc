#include "coverage/formats/text_column.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(TextColumn, AlignsByLettersNotBytes) {
  EXPECT_EQ(aligned("é", 3, Side::kLeft), "é  ");
  EXPECT_EQ(aligned("é", 3, Side::kRight), "  é");
  EXPECT_EQ(aligned("long", 3, Side::kLeft), "long");
}

TEST(TextColumn, ANameIsOneLine) { EXPECT_EQ(in_one_line("a\nb\tc\x1b\xff"), "a?b?c??"); }

}  // namespace
}  // namespace gentle

#include "os/regex.h"

#include <gtest/gtest.h>

#include "base/deadline.h"
#include "cause_of_error.h"

namespace gentle {
namespace {

bool matches(const std::string& pattern, std::string_view line) {
  return Regex(pattern).matches(line, true, true);
}

std::string cause_of(const std::string& pattern) {
  return cause_of_error([&] { const Regex regex(pattern); });
}

TEST(Regex, FindsAMatchAnywhere) {
  EXPECT_TRUE(matches("b+", "abbc"));
  EXPECT_FALSE(matches("b{3}", "abbc"));
  EXPECT_TRUE(matches("", ""));
  EXPECT_TRUE(matches("x|^ab$", "ab"));
  EXPECT_FALSE(matches("^b|b$", "abc"));
  EXPECT_TRUE(matches("(^|,)b", "a,b"));
}

TEST(Regex, TakesEveryByteAsItIs) {
  EXPECT_TRUE(matches("^a.*b$", "a\xFF\xC3(b"));
  EXPECT_TRUE(matches("b$", std::string_view("a\0b", 3)));
  EXPECT_FALSE(matches("^b$", std::string_view("b\0", 2)));
  EXPECT_TRUE(matches("ß", "Straße"));
}

TEST(Regex, KnowsWhereALineBeginsAndEnds) {
  const Regex begin("^a");
  EXPECT_TRUE(begin.matches("ab", true, false));
  EXPECT_FALSE(begin.matches("ab", false, false));
  EXPECT_FALSE(begin.matches("xab", false, false));
  const Regex end("b$");
  EXPECT_TRUE(end.matches("ab", true, true));
  EXPECT_FALSE(end.matches("ab", true, false));
}

TEST(Regex, LooksAtTheFirstByteOfAPieceAsWhatComesBefore) {
  const Regex a("a");
  EXPECT_FALSE(a.matches("a", false, false));
  EXPECT_TRUE(a.matches("xa", false, false));
}

TEST(Regex, IsLinear) {
  const std::string line(1 << 20, 'x');
  for (const char* pattern : {"[a-z]+[0-9]+", "(x+x+)+y", "(x|xx|xxx)*y", "(.*)(.*)(.*)z"}) {
    const TimePoint begin = Clock::now();
    EXPECT_FALSE(matches(pattern, line)) << pattern;
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5)) << pattern;
  }
}

TEST(Regex, RefusesAWrongOne) {
  EXPECT_EQ(cause_of("("), "Unmatched ( or \\(");
  EXPECT_EQ(cause_of("[a"), "Unmatched [, [^, [:, [., or [=");
  EXPECT_EQ(cause_of("a)|b"), "a ) without its ( needs a \\");
  EXPECT_EQ(cause_of("(a[(])\\)[)]"), "");
  EXPECT_EQ(cause_of("a\\"), "Trailing backslash");
}

TEST(Regex, RefusesABackReference) {
  const std::string cause = "a back-reference such as \\1 is not supported";
  EXPECT_EQ(cause_of("(a)\\1"), cause);
  EXPECT_EQ(cause_of("[]x](a)\\1"), cause);
  EXPECT_EQ(cause_of("(a)[\\1]"), "");
  EXPECT_EQ(cause_of("(a)[^]\\1]"), "");
  EXPECT_EQ(cause_of("a\\\\1"), "");
  EXPECT_EQ(cause_of("\\(\\)"), "");
}

}  // namespace
}  // namespace gentle

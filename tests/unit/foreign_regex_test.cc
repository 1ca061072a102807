#include "model/foreign_regex.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(ForeignRegex, LeavesPosixAlone) {
  for (const char* pattern : {"",
                              "ready",
                              "^on port [0-9]+$",
                              R"(a\.b\*?\+?\(\?)",
                              "[*+?]?",
                              "[]?*]+",
                              "(a*)?",
                              "a{2,3}",
                              R"(\\d)",
                              R"([[:space:]\]d)",
                              R"(\[d])",
                              "x|y",
                              R"([^\.]+)",
                              R"(\w+\s\bready\b)",
                              R"(\<a\>)",
                              R"(\")",
                              "[[:digit:]*]?",
                              R"(a\)",
                              "[",
                              R"([a\)",
                              "[[:"}) {
    EXPECT_EQ(foreign_syntax(pattern), "") << pattern;
  }
}

TEST(ForeignRegex, OffersTheSpellingOfPosix) {
  EXPECT_EQ(foreign_syntax(R"(port \d+)"), "'\\d' is not POSIX; write [0-9]");
  EXPECT_EQ(foreign_syntax(R"(\\\D)"), "'\\D' is not POSIX; write [^0-9]");
  EXPECT_EQ(foreign_syntax(R"(a\tb)"),
            "'\\t' is not POSIX; write [[:blank:]], or the character itself");
  EXPECT_EQ(foreign_syntax(R"(\Aready\z)"), "'\\A' is not POSIX; write ^");
  EXPECT_EQ(foreign_syntax(R"(\x41)"), "'\\x' is not POSIX; write the character itself");
  EXPECT_EQ(foreign_syntax(R"(v[\d.]+)"), "within [ ] a \\ stands for itself; write 0-9 for '\\d'");
  EXPECT_EQ(foreign_syntax(R"([^[:alpha:]\s])"),
            "within [ ] a \\ stands for itself; write [:space:] for '\\s'");
  EXPECT_EQ(foreign_syntax(R"([\w-])"),
            "within [ ] a \\ stands for itself; write [:alnum:]_ for '\\w'");
}

TEST(ForeignRegex, KnowsGroupsAndLazyRepetitions) {
  EXPECT_EQ(foreign_syntax("(?:a|b)"), "'(?:' is not POSIX; write '('");
  EXPECT_EQ(foreign_syntax("(?P<port>[0-9]+)"), "'(?P<' is not POSIX; write '('");
  EXPECT_EQ(foreign_syntax("(?<port>[0-9]+)"), "'(?<' is not POSIX; write '('");
  EXPECT_EQ(foreign_syntax("(?i)ready"),
            "'(?i' is not POSIX; write [Aa] for a letter of either case");
  for (const char* pattern : {"a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)b"}) {
    EXPECT_NE(foreign_syntax(pattern).find("is not POSIX; add one more READY LOG"),
              std::string::npos)
        << pattern;
  }
  EXPECT_EQ(foreign_syntax("a.*?b"),
            "'*?' is not POSIX; write '*': only whether a line matches counts");
  EXPECT_EQ(foreign_syntax("[0-9]+?"),
            "'+?' is not POSIX; write '+': only whether a line matches counts");
  EXPECT_EQ(foreign_syntax("a{2}?").substr(0, 4), "'}?'");
  EXPECT_EQ(foreign_syntax("a++").substr(0, 4), "'++'");
}

}  // namespace
}  // namespace gentle

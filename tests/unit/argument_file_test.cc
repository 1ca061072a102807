#include "model/argument_file.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gentle {
namespace {

using Arguments = std::vector<std::string>;

std::string cause_of(std::string_view text) {
  try {
    parse_argument_file(text, "/x.arguments");
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

TEST(ArgumentFile, KeepsEveryArgumentAsWritten) {
  EXPECT_EQ(parse_argument_file(
                "gentle-arguments 1\nargument a b;c\nargument \nargument  end \\\nend\n", ""),
            (Arguments{"a b;c", "", " end \\"}));
  EXPECT_EQ(parse_argument_file("gentle-arguments 1\nend\n", ""), Arguments{});
}

TEST(ArgumentFile, MayEndEachLineWithAMark) {
  EXPECT_EQ(parse_argument_file("gentle-arguments 1|\nargument a\r|\nargument b||\nend|\n", ""),
            (Arguments{"a\r", "b|"}));
  EXPECT_EQ(parse_argument_file("gentle-arguments 1\nargument b|\nend\n", ""), Arguments{"b|"});
  EXPECT_NE(
      cause_of("gentle-arguments 1|\nargument a\nend|\n").find("line 2: does not end with '|'"),
      std::string::npos);
}

TEST(ArgumentFile, SaysWhatIsWrongAndWhere) {
  EXPECT_NE(cause_of("").find("/x.arguments': it is truncated"), std::string::npos) << cause_of("");
  EXPECT_NE(cause_of("gentle-arguments 1\nargument a\n").find("truncated"), std::string::npos);
  EXPECT_NE(cause_of("gentle-spec 1\nend\n").find("line 1: is not 'gentle-arguments 1'"),
            std::string::npos);
  EXPECT_NE(cause_of("gentle-arguments 1\nargumnt a\nend\n")
                .find("line 2: unknown key 'argumnt', did you mean 'argument'?"),
            std::string::npos);
  EXPECT_NE(cause_of("gentle-arguments 1\nend\nend\n").find("line 3: text after 'end'"),
            std::string::npos);
  EXPECT_NE(cause_of(std::string_view("gentle-arguments 1\nargument \0\nend\n", 34)).find("NUL"),
            std::string::npos);
}

}  // namespace
}  // namespace gentle

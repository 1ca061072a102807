#include "coverage/report/filters.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

TEST(Filters, FindTheInterpreterOfAScript) {
  EXPECT_EQ(python_of_script("#!/usr/bin/python3\nimport re\n"), "/usr/bin/python3");
  EXPECT_EQ(python_of_script("#! /v/bin/python3.12 -I"), "/v/bin/python3.12");
  EXPECT_EQ(python_of_script("#!/usr/bin/env python3\r\n"), "python3");
  EXPECT_EQ(python_of_script("#!/usr/bin/env -S python3 -u\n"), "python3");
  EXPECT_EQ(python_of_script("#!/bin/sh\n'''exec' /long/bin/python3 \"$0\" \"$@\"\n' '''\n"),
            "/long/bin/python3");
  EXPECT_EQ(python_of_script("#!/bin/sh\n'''exec' \"/a b/bin/python\" \"$0\" \"$@\"\n' '''\n"),
            "/a b/bin/python");
}

TEST(Filters, OtherProgramsNameNone) {
  for (const char* script :
       {"", "#!", "#!/bin/sh\nexec python3 /opt/gcovr \"$@\"\n", "#!/bin/sh\n'''exec'",
        "\x7f"
        "ELF\nlots of python",
        "#!/usr/bin/env bash\n"}) {
    EXPECT_EQ(python_of_script(script), "") << script;
  }
}

// A gcovr that python3 runs, as the tests themselves need it.
class FiltersTest : public ScratchFolderTest {
 protected:
  FiltersTest() { write_gcovr("#!/usr/bin/env python3\n"); }

  void write_gcovr(const std::string& script) {
    write_file_atomically(gcovr_, script);
    ASSERT_EQ(::chmod(gcovr_.c_str(), 0700), 0);
  }

  // Whether Python itself takes it: there are versions with and without a++.
  static bool python_takes(const std::string& regex) {
    const std::string command =
        "python3 -c 'import re; re.compile(\"\"\"" + regex + "\"\"\")' 2>/dev/null";
    return std::system(command.c_str()) == 0;
  }

  std::string cause_of(const std::string& regex) const {
    const auto wrong =
        find_wrong_filter({{"FILTER", "src/"}, {"EXCLUDE", regex}}, gcovr_, environment_);
    if (!wrong) return "";
    EXPECT_EQ(wrong->filter.keyword, "EXCLUDE");
    EXPECT_EQ(wrong->filter.regex, regex);
    return wrong->cause;
  }

  const std::string gcovr_ = root_ + "/gcovr";
  Environment environment_ = Environment::from(environ);
};

TEST_F(FiltersTest, AreRightIfPythonTakesThem) {
  for (const char* regex : {"a++", "[z-a]", "(?>a)b", "src/(a|b", "*.pb.cc", "(?P<x>a)(?P=x)",
                            "x{2,1}", "[[a]", "(?<=a+)b"}) {
    EXPECT_EQ(cause_of(regex).empty(), python_takes(regex)) << regex;
  }
}

TEST_F(FiltersTest, SayWhyOneIsWrong) {
  const std::string cause = cause_of("[z-a]");
  EXPECT_TRUE(cause.starts_with("it is no regular expression of Python 3.")) << cause;
  EXPECT_TRUE(cause.ends_with(": bad character range z-a at position 1")) << cause;
}

TEST_F(FiltersTest, MayHoldBytesThatAreNoText) {
  EXPECT_EQ(cause_of("\xff"
                     "caf\xc3\xa9 '\"$"),
            "");
  EXPECT_TRUE(
      cause_of("(?P<\xc3\xa9>a)(?P<\xc3\xa9>b)").find("redefinition of group name '\xc3\xa9'") !=
      std::string::npos);
  EXPECT_FALSE(cause_of("(?P<\xff>a)").empty());
}

TEST_F(FiltersTest, AreNotCheckedWithoutSomebodyToAsk) {
  write_gcovr("#!/no/such/python3\n");
  EXPECT_EQ(cause_of("[z-a]"), "");
  write_gcovr("#!/bin/sh\necho 'gcovr 8.4'\n");
  EXPECT_NE(cause_of("[z-a]"), "");  // by the python3 in PATH
  environment_.set("PATH", root_);
  EXPECT_EQ(cause_of("[z-a]"), "");
  EXPECT_FALSE(find_wrong_filter({{"FILTER", "[z-a]"}}, "/no/such/gcovr", environment_));
  EXPECT_FALSE(find_wrong_filter({}, gcovr_, environment_));
}

}  // namespace
}  // namespace gentle

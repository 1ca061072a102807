#include "coverage/report/gcov_text.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(GcovText, SplitsTheOutputByFile) {
  const std::string output =
      "File '/s/a'b.cc'\nLines executed:50.00% of 2\nCreating 'x##a'b.cc.gcov'\n\n"
      "File '/s/none.h'\nNo executable lines\nRemoving 'x##none.h.gcov'\n\n"
      "Lines executed:50.00% of 2\n";
  const auto blocks = split_gcov_output(output);
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks[0].source, "/s/a'b.cc");
  EXPECT_EQ(blocks[0].created, "x##a'b.cc.gcov");
  EXPECT_EQ(blocks[1].source, "/s/none.h");
  EXPECT_EQ(blocks[1].created, "");
  EXPECT_EQ(blocks[2].source, "");
  EXPECT_EQ(blocks[0].text + blocks[1].text + blocks[2].text, output);
  EXPECT_TRUE(split_gcov_output("").empty());
}

TEST(GcovText, CountsJustTheLinesOfTheReport) {
  const std::string gcov =
      "        -:    0:Source:/s/a.cc\n"
      "        3:    1:int f()\n"
      "    #####:    2:  excluded();\n"
      "       2*:    3:  return g ? 1 : h();\n"
      "        -:    4:}\n";
  const std::vector<std::uint32_t> lines = {1, 3};
  EXPECT_EQ(count_as_reported(gcov, &lines),
            "        -:    0:Source:/s/a.cc\n"
            "        3:    1:int f()\n"
            "        -:    2:  excluded();\n"
            "       2*:    3:  return g ? 1 : h();\n"
            "        -:    4:}\n");
  EXPECT_EQ(count_as_reported(gcov, nullptr), gcov);
}

TEST(GcovText, CountsLinesThatOnlyAnExceptionReaches) {
  EXPECT_EQ(count_as_reported("    =====:   20:  catch (...)\n", nullptr),
            "    #####:   20:  catch (...)\n");
}

TEST(GcovText, CountsWhatCtestCannotRead) {
  EXPECT_EQ(count_as_reported("      -12:    5:x();\n", nullptr), "    #####:    5:x();\n");
  EXPECT_EQ(count_as_reported("51539607552:    5:x();\n", nullptr), " 99999999:    5:x();\n");
  EXPECT_EQ(count_as_reported("123456789*:    5:x();\n", nullptr), " 99999999:    5:x();\n");
  EXPECT_EQ(count_as_reported("        1:123456:x();\n", nullptr), "        -:123456:x();\n");
}

TEST(GcovText, LeavesOtherLinesAlone) {
  const std::string gcov =
      "------------------\n"
      "int sum<int>(std::vector<int>):\n"
      "        1:    7:a: b\n"
      "function f called 1 returned 100% blocks executed 83%\n"
      "call    0 returned 1\n";
  EXPECT_EQ(count_as_reported(gcov, nullptr), gcov);
}

}  // namespace
}  // namespace gentle

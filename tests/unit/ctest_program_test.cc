#include "cli/ctest_program.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "scratch_folder.h"

namespace gentle {
namespace {

class CtestProgramTest : public ScratchFolderTest {
 protected:
  CtestProgramTest() { EXPECT_EQ(::chdir(root_.c_str()), 0); }
  void TearDown() override {
    EXPECT_EQ(::chdir("/"), 0);
    ScratchFolderTest::TearDown();
  }
};

TEST_F(CtestProgramTest, IsInTheFolderOrBelowItInThatOfTheConfiguration) {
  write("Debug/t", "");
  write("Release/t", "");
  EXPECT_EQ(program_of_ctest("t", ""), "./Release/t");
  EXPECT_EQ(program_of_ctest("t", "Debug"), "./Debug/t");
  EXPECT_EQ(program_of_ctest("t", "Other"), "t");
  write("t", "");
  EXPECT_EQ(program_of_ctest("t", "Debug"), "./t");
}

TEST_F(CtestProgramTest, MayHaveAFolderInItsName) {
  write("below/Debug/t", "");
  EXPECT_EQ(program_of_ctest("below/t", ""), "below/Debug/t");
  EXPECT_EQ(program_of_ctest(root_ + "/below/t", ""), root_ + "/below/Debug/t");
  EXPECT_EQ(program_of_ctest(root_ + "/below/Debug/t", ""), root_ + "/below/Debug/t");
}

TEST_F(CtestProgramTest, ElseIsLookedUpElsewhere) {
  make_folders(root_ + "/sh", 0777);
  EXPECT_EQ(program_of_ctest("sh", ""), "sh");
  EXPECT_EQ(program_of_ctest("none/sh", "Debug"), "none/sh");
}

}  // namespace
}  // namespace gentle

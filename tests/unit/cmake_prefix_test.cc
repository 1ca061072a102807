#include "cli/cmake_prefix.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/error.h"

namespace gentle {
namespace {

class CmakePrefix : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "gentle-prefix-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    prefix_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(prefix_); }

  void install_cmake_files() {
    const std::string folder = prefix_ + "/share/cmake/GentleFixtures";
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/GentleFixturesConfig.cmake") << "# here\n";
  }

  std::string prefix_;
};

TEST_F(CmakePrefix, IsTheFolderAboveTheProgram) {
  install_cmake_files();
  EXPECT_EQ(cmake_prefix(prefix_ + "/bin/gentle"), prefix_);
}

TEST_F(CmakePrefix, ProgramWithoutCmakeFilesIsAnError) {
  try {
    cmake_prefix(prefix_ + "/bin/gentle");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(),
              "gentle: error: find CMake files of '" + prefix_ + "/bin/gentle': expected " +
                  prefix_ +
                  "/share/cmake/GentleFixtures/GentleFixturesConfig.cmake, but it is not there\n"
                  "hint: install a package (cmake --install, pip install gentle-fixtures), and "
                  "call its gentle\n");
  }
}

TEST_F(CmakePrefix, AnotherFolderAboveIsNotTaken) {
  install_cmake_files();
  EXPECT_THROW(cmake_prefix(prefix_ + "/gentle"), Error);
  EXPECT_THROW(cmake_prefix(prefix_ + "/build/bin/gentle"), Error);
}

}  // namespace
}  // namespace gentle

#include "coverage/object_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

class ObjectFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(build_);
    fs::create_directories(build_ + "/CMakeFiles");
  }
  void TearDown() override { fs::remove_all(build_); }

  void make(const std::string& name, const std::string& text = "") const {
    const fs::path path = build_ + "/" + name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }

  const std::string build_ =
      testing::TempDir() + "/gentle object files " + std::to_string(::getpid());
};

TEST_F(ObjectFilesTest, AreThoseOfTargetsOnly) {
  const std::string app = build_ + "/CMakeFiles/app.dir";
  make("CMakeFiles/TargetDirectories.txt",
       app + "\n" + build_ + "/CMakeFiles/none.dir\n" + build_ + "/CMakeFiles/plain.dir");
  make("CMakeFiles/app.dir/sub/a.cc.gcno");
  make("CMakeFiles/app.dir/sub/a.cc.gcda");
  make("CMakeFiles/app.dir/b.cc.gcda.set-aside");
  make("CMakeFiles/app.dir/b.cc.o");
  make("CMakeFiles/plain.dir/c.cc.o");
  make("CMakeFiles/3.25.1/CompilerIdCXX/id.gcno");
  const ObjectFiles files = find_object_files(build_, "");
  EXPECT_EQ(files.folders, std::vector<std::string>{app});
  EXPECT_EQ(files.notes, std::vector<std::string>{app + "/sub/a.cc.gcno"});
  EXPECT_EQ(files.data, std::vector<std::string>{app + "/sub/a.cc.gcda"});
  EXPECT_EQ(files.set_aside, std::vector<std::string>{app + "/b.cc.gcda.set-aside"});
}

TEST_F(ObjectFilesTest, AreThoseOfOneConfiguration) {
  make("CMakeFiles/TargetDirectories.txt", build_ + "/CMakeFiles/app.dir\n");
  make("CMakeFiles/app.dir/Debug/a.cc.gcno");
  make("CMakeFiles/app.dir/Release/a.cc.gcno");
  EXPECT_EQ(find_object_files(build_, "Debug").notes,
            std::vector<std::string>{build_ + "/CMakeFiles/app.dir/Debug/a.cc.gcno"});
  EXPECT_EQ(find_object_files(build_, "").notes.size(), 2U);
}

TEST_F(ObjectFilesTest, NeedABuildFolder) {
  try {
    find_object_files(build_, "");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("TargetDirectories.txt': there is no such file"),
              std::string::npos);
  }
}

TEST(ObjectFiles, StandInPairs) {
  EXPECT_EQ(notes_of("/x/a.cc.gcda"), "/x/a.cc.gcno");
  EXPECT_EQ(data_of("/x/a.cc.gcno"), "/x/a.cc.gcda");
}

}  // namespace
}  // namespace gentle

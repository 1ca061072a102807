#include "coverage/merge/object_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

class ObjectFilesTest : public ScratchFolderTest {
 protected:
  void SetUp() override { make_folders(build_ + "/CMakeFiles", 0777); }

  void make(const std::string& name, const std::string& text = "") const {
    write("a build/" + name, text);
  }

  const std::string build_ = root_ + "/a build";
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
  const ObjectFiles files = find_object_files({build_});
  EXPECT_EQ(files.notes, std::vector<std::string>{app + "/sub/a.cc.gcno"});
  EXPECT_EQ(files.data, std::vector<std::string>{app + "/sub/a.cc.gcda"});
  EXPECT_EQ(files.set_aside, std::vector<std::string>{app + "/b.cc.gcda.set-aside"});
  EXPECT_EQ(files.compiled,
            (std::vector<std::string>{app + "/b.cc.o", build_ + "/CMakeFiles/plain.dir/c.cc.o"}));
}

TEST_F(ObjectFilesTest, AFolderThatCannotBeReadIsNamed) {
  const std::string app = build_ + "/CMakeFiles/app.dir";
  make("CMakeFiles/TargetDirectories.txt", app + "\n" + build_ + "/CMakeFiles/file.dir\n");
  make("CMakeFiles/app.dir/a/a.cc.gcno");
  make("CMakeFiles/app.dir/closed/b.cc.gcno");
  make("CMakeFiles/app.dir/z/c.cc.gcno");
  make("CMakeFiles/file.dir");
  const std::string file_line =
      "gentle: warning: find objects in '" + build_ +
      "/CMakeFiles/file.dir': Not a directory; what was compiled there is not in the report, "
      "continuing";
  EXPECT_EQ(find_object_files({build_}).unreadable, std::vector<std::string>{file_line});
  EXPECT_EQ(find_object_files({"", "", {build_ + "/none"}}).unreadable.at(0),
            "gentle: warning: find objects in '" + build_ +
                "/none': No such file or directory; what was compiled there is not in the report, "
                "continuing");
  if (::geteuid() == 0) return;  // root can read all folders
  ASSERT_EQ(::chmod((app + "/closed").c_str(), 0), 0);
  const ObjectFiles files = find_object_files({build_});
  ASSERT_EQ(::chmod((app + "/closed").c_str(), 0700), 0);
  EXPECT_EQ(files.notes, (std::vector<std::string>{app + "/a/a.cc.gcno", app + "/z/c.cc.gcno"}));
  ASSERT_EQ(files.unreadable.size(), 2U);
  EXPECT_EQ(files.unreadable[0].find("gentle: warning: find objects in '" + app +
                                     "/closed': Permission denied; what was compiled there"),
            0U);
}

TEST_F(ObjectFilesTest, AreThoseOfOneConfiguration) {
  make("CMakeFiles/TargetDirectories.txt", build_ + "/CMakeFiles/app.dir\n");
  make("CMakeFiles/app.dir/Debug/a.cc.gcno");
  make("CMakeFiles/app.dir/Release/a.cc.gcno");
  EXPECT_EQ(find_object_files({build_, "Debug"}).notes,
            std::vector<std::string>{build_ + "/CMakeFiles/app.dir/Debug/a.cc.gcno"});
  EXPECT_EQ(find_object_files({build_}).notes.size(), 2U);
}

TEST_F(ObjectFilesTest, AreThoseOfOtherBuildsThatAreNamed) {
  make("CMakeFiles/TargetDirectories.txt", build_ + "/CMakeFiles/app.dir\n");
  make("CMakeFiles/app.dir/a.cc.gcno");
  make("other/sub/b.gcno");
  make("other/sub/b.gcda");
  make("other/CMakeFiles/3.25.1/CompilerIdC/id.gcno");
  make("other/CMakeFiles/CMakeScratch/TryCompile-x/id.gcno");
  make("elsewhere/c.gcno");
  make("elsewhere/c.gcda");
  make("elsewhere/d.gcno");
  const std::string other = build_ + "/other";
  const std::string c = build_ + "/elsewhere/c";
  const ObjectFiles files =
      find_object_files({build_, "", {other}, {c + ".gcno", build_ + "/gone.gcno"}});
  EXPECT_EQ(files.notes, (std::vector<std::string>{build_ + "/CMakeFiles/app.dir/a.cc.gcno",
                                                   c + ".gcno", other + "/sub/b.gcno"}));
  EXPECT_EQ(files.data, (std::vector<std::string>{c + ".gcda", other + "/sub/b.gcda"}));
  EXPECT_EQ(files.others, (std::vector<std::string>{c + ".gcno", other + "/sub/b.gcno"}));
}

TEST_F(ObjectFilesTest, NeedABuildFolder) {
  try {
    find_object_files({build_});
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

#include "coverage/report/java_sources.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

class JavaSources : public ScratchFolderTest {
 protected:
  void SetUp() override {
    for (const char* name : {"p/src/A.java", "p/src/x/A.java", "p/src/B.kt", "p/c.groovy",
                             "p/D.scala", "p/e.cc", "p/.git/F.java", "p/node_modules/G.java",
                             "b/generated/H.java", "o/I.java", "elsewhere/J.java"}) {
      write(name, "");
    }
    fs::create_directory_symlink(root_ + "/elsewhere", root_ + "/p/link");
    spec_.root = root_ + "/p";
    spec_.build_dir = root_ + "/b";
    spec_.objects = {root_ + "/o"};
  }

  CoverageSpec spec_;
};

TEST_F(JavaSources, AreThoseOfAllFoldersOfTheProject) {
  const std::set<std::string> expected = {root_ + "/b/generated/H.java", root_ + "/o/I.java",
                                          root_ + "/p/D.scala",          root_ + "/p/c.groovy",
                                          root_ + "/p/src/A.java",       root_ + "/p/src/B.kt",
                                          root_ + "/p/src/x/A.java"};
  EXPECT_EQ(java_sources(spec_), expected);
}

TEST_F(JavaSources, TellTheRecorderTheirNames) {
  write("recorder/source-names", "Old.java");
  write_java_source_names(root_ + "/recorder", spec_);
  const std::string names("A.java\0B.kt\0D.scala\0H.java\0I.java\0c.groovy\0", 43);
  EXPECT_EQ(read_file(root_ + "/recorder/source-names"), names);
  EXPECT_EQ(entries_of(root_ + "/recorder"), std::vector<std::string>{"source-names"});
}

TEST_F(JavaSources, HaveTheTimeAtWhichTheSearchBegan) {
  write("recorder/before", "");
  write_java_source_names(root_ + "/recorder", spec_);
  write("recorder/after", "");
  const auto time_of = [&](const char* name) { return fs::last_write_time(root_ + name); };
  EXPECT_LE(time_of("/recorder/before"), time_of("/recorder/source-names"));
  EXPECT_LE(time_of("/recorder/source-names"), time_of("/recorder/after"));
}

TEST_F(JavaSources, LeaveNoOldNamesIfTheyCannotBeWritten) {
  write("recorder/source-names", "Old.java");
  spec_.root = std::string("/x\0y", 4);
  write_java_source_names(root_ + "/recorder", spec_);
  EXPECT_NE(read_file_if_there(root_ + "/recorder/source-names"), "Old.java");
}

}  // namespace
}  // namespace gentle

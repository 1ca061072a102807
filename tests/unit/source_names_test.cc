#include "coverage/report/source_names.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

// A source folder, a build folder beside it, and an object of the target t.
class SourceNamesTest : public ScratchFolderTest {
 protected:
  void SetUp() override {
    spec_.root = spec_.source_dir = root_ + "/s";
    spec_.build_dir = root_ + "/b";
    make_folders(spec_.build_dir, 0777);
    for (const char* name : {"s/a.cc", "s/sub/x.cc", "s/sub/x.h"}) write(name, "1\n2\n3\n");
  }

  // What a name means: in an object of sub/x.cc that has it, and `main`, its own source's name.
  std::string file_of(const std::string& name, const std::string& main,
                      const std::string& directory, std::uint32_t last_line = 3) const {
    Notes notes;
    notes.directory = directory;
    notes.sources = {{main, 3}, {name, last_line}};
    return SourceNames(spec_).files_of(object_, notes).at(plain_name(name));
  }

  std::string path(const std::string& name) const { return spec_.source_dir + "/" + name; }

  CoverageSpec spec_;
  std::string object_ = root_ + "/b/sub/CMakeFiles/t.dir/x.cc.gcno";
};

TEST_F(SourceNamesTest, AreOfTheFolderWhereTheCompilerRan) {
  EXPECT_EQ(file_of(path("a.cc"), path("sub/x.cc"), spec_.build_dir), path("a.cc"));
  EXPECT_EQ(file_of("../a.cc", "x.cc", path("sub")), path("a.cc"));
  EXPECT_EQ(file_of("./x.h", "x.cc", path("sub")), path("sub/x.h"));
  EXPECT_EQ(file_of("../s/./a.cc", "../s/sub/x.cc", ""), path("a.cc")) << "Clang tells no folder";
}

TEST_F(SourceNamesTest, MayBeMapped) {
  for (const std::string& mapped : {root_ + "/b/.", std::string("/usr/src/p"), root_ + "/b/lib"}) {
    EXPECT_EQ(file_of(mapped + "/sub/x.h", mapped + "/sub/x.cc", root_ + "/b"), path("sub/x.h"));
    EXPECT_EQ(file_of(mapped + "/x.h", mapped + "/x.cc", root_ + "/b"), path("sub/x.h"))
        << "a part of the source folder";
  }
  object_ = root_ + "/b/x.gcno";  // not by CMake
  EXPECT_EQ(file_of("/usr/src/p/sub/x.h", "/usr/src/p/sub/x.cc", root_ + "/b"), path("sub/x.h"));
}

TEST_F(SourceNamesTest, OfLineDirectivesAreBesideTheSource) {
  EXPECT_EQ(file_of(root_ + "/b/x.h", path("sub/x.cc"), root_ + "/b"), path("sub/x.h"));
  EXPECT_EQ(file_of("x.h", path("sub/x.cc"), root_ + "/b"), path("sub/x.h"));
}

// A grammar, by the generator's name for it, in a file that was generated into the build folder.
TEST_F(SourceNamesTest, OfGeneratedFilesAreTheOneFileOfThatName) {
  write("s/deep/down/p.y", "1\n2\n3\n");
  write("b/gen/p.cc", "1\n2\n3\n");
  const std::string generated = root_ + "/b/gen/p.cc";
  EXPECT_EQ(file_of(root_ + "/b/down/p.y", generated, root_ + "/b"), path("deep/down/p.y"));
  EXPECT_EQ(file_of("p.y", generated, root_ + "/b"), path("deep/down/p.y"));
  EXPECT_EQ(file_of("../down/p.y", generated, root_ + "/b/gen"), path("deep/down/p.y"));
  write("s/other/p.y", "1\n2\n3\n");
  EXPECT_EQ(file_of("p.y", generated, root_ + "/b"), root_ + "/b/p.y") << "nobody knows which";
  EXPECT_EQ(file_of("p.y", path("a.cc"), path("sub")), path("sub/p.y")) << "gone";
}

TEST_F(SourceNamesTest, AreNoOtherFilesOfThatName) {
  EXPECT_EQ(file_of("x.h", path("sub/x.cc"), root_ + "/b", 4), root_ + "/b/x.h")
      << "it has not so many lines";
  write("s/gone/other.cc", "");
  write("s/x.cc", "1\n2\n3\n");
  EXPECT_EQ(file_of(path("gone/x.cc"), path("sub/x.cc"), root_ + "/b"), path("gone/x.cc"))
      << "a source that was moved";
}

TEST_F(SourceNamesTest, AreThoseOfFilesInTheRoot) {
  write("elsewhere/y.cc", "");
  fs::create_symlink("../elsewhere", path("far"));
  fs::create_symlink("sub", path("near"));
  fs::create_symlink("a.cc", path("b.cc"));
  fs::create_symlink("s", root_ + "/link");
  const SourceNames names(spec_);
  EXPECT_EQ(names.shown(path("far/y.cc")), path("far/y.cc"));
  EXPECT_EQ(names.shown(path("near/x.cc")), path("sub/x.cc"));
  EXPECT_EQ(names.shown(path("b.cc")), path("a.cc"));
  EXPECT_EQ(names.shown(root_ + "/elsewhere/y.cc"), root_ + "/elsewhere/y.cc");
  spec_.root = root_ + "/link";
  const SourceNames by_link(spec_);
  EXPECT_EQ(by_link.shown(root_ + "/link/a.cc"), path("a.cc"));
  EXPECT_EQ(by_link.shown(root_ + "/link/far/y.cc"), path("far/y.cc"));
  EXPECT_EQ(by_link.shown(path("a.cc")), path("a.cc"));
}

TEST(SourceNames, FoldersAreComparedByComponents) {
  EXPECT_TRUE(is_inside("/a/b", "/a"));
  EXPECT_TRUE(is_inside("/a", "/a"));
  EXPECT_FALSE(is_inside("/ab", "/a"));
}

}  // namespace
}  // namespace gentle

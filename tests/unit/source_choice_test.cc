#include "coverage/report/source_choice.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "os/file.h"
#include "scratch_folder.h"

extern char** environ;

namespace gentle {
namespace {

class SourceChoiceTest : public ScratchFolderTest {
 protected:
  void SetUp() override {
    spec_.root = spec_.source_dir = root_ + "/s";
    spec_.build_dir = root_ + "/s/b";
    make_folders(work_.folder, 0777);
    for (const char* name : {"s/a.cc", "s/sub/x.cc", "s/b/gen.cc", "o/y.cc"}) write(name, "");
  }

  SourceFate fate(const std::string& name) const {
    const std::string path = name[0] == '/' ? name : root_ + "/" + name;
    return choose_sources(spec_, spec_.root, {path}, work_, Environment::from(environ)).at(path);
  }

  CoverageSpec spec_;
  WorkFiles work_{root_ + "/w.spec"};
};

TEST_F(SourceChoiceTest, CountsWhatIsInTheRootAndNotInTheBuild) {
  EXPECT_EQ(fate("s/a.cc"), SourceFate::kCounted);
  EXPECT_EQ(fate("s/b/gen.cc"), SourceFate::kInBuild);
  EXPECT_EQ(fate("o/y.cc"), SourceFate::kOutside);
  EXPECT_EQ(fate("/usr/include/stdio.h"), SourceFate::kSystem);
  EXPECT_EQ(fate("/opt/gcc/include/c++/16/vector"), SourceFate::kSystem);
  EXPECT_EQ(fate("s/none.cc"), SourceFate::kGone);
  spec_.objects = {root_ + "/o", root_ + "/s/b"};
  EXPECT_EQ(fate("o/y.cc"), SourceFate::kCounted);
  EXPECT_EQ(fate("s/b/gen.cc"), SourceFate::kCounted);
}

TEST_F(SourceChoiceTest, CountsInABuildThatIsTheSourceFolder) {
  spec_.build_dir = spec_.root;
  EXPECT_EQ(fate("s/a.cc"), SourceFate::kCounted);
}

TEST_F(SourceChoiceTest, LeavesTheChoiceToFilterAndExclude) {
  spec_.filters = {"(?:sub|b)/", root_ + "/o/"};
  EXPECT_EQ(fate("s/a.cc"), SourceFate::kNotMatched);
  EXPECT_EQ(fate("s/sub/x.cc"), SourceFate::kCounted);
  EXPECT_EQ(fate("s/b/gen.cc"), SourceFate::kCounted);
  EXPECT_EQ(fate("o/y.cc"), SourceFate::kCounted);
  EXPECT_EQ(fate("/usr/include/stdio.h"), SourceFate::kSystem);
  spec_.excludes = {".*x[.]cc$"};
  EXPECT_EQ(fate("s/sub/x.cc"), SourceFate::kExcluded);
  EXPECT_EQ(fate("s/a.cc"), SourceFate::kNotMatched);
  spec_.filters = {"[.][.]/o/"};
  EXPECT_EQ(fate("o/y.cc"), SourceFate::kCounted) << "from the root, as the report names it";
}

TEST_F(SourceChoiceTest, TellsWhatCannotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root can read all files";
  ASSERT_EQ(::chmod((root_ + "/s/a.cc").c_str(), 0), 0);
  EXPECT_EQ(fate("s/a.cc"), SourceFate::kUnreadable);
}

TEST_F(SourceChoiceTest, NeedsPythonForAnExpression) {
  spec_.filters = {"x"};
  Environment environment;
  environment.set("PATH", root_);
  try {
    choose_sources(spec_, spec_.root, {root_ + "/s/a.cc"}, work_, environment);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("'python3': it is not in PATH"), std::string::npos);
  }
}

}  // namespace
}  // namespace gentle

#include "coverage/report/go_modules.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scratch_folder.h"

namespace gentle {
namespace {

using Places = std::vector<std::string>;

TEST(GoModule, IsDeclaredInGoMod) {
  EXPECT_EQ(go_module_of("module example.com/a\n\ngo 1.20\n"), "example.com/a");
  EXPECT_EQ(go_module_of("// of us\n\nmodule \"example.com/a\" // deprecated\n"), "example.com/a");
  EXPECT_EQ(go_module_of("go 1.20\r\nmodule\texample.com/a\r\n"), "example.com/a");
  EXPECT_EQ(go_module_of("module (\n\n  example.com/a\n)\n"), "example.com/a");
  EXPECT_EQ(go_module_of("modules x\nrequire module v1\n"), "");
  EXPECT_EQ(go_module_of(""), "");
}

class GoModulesTest : public ScratchFolderTest {};

TEST_F(GoModulesTest, AreFoundBelowAndAboveTheRoot) {
  write("go.mod", "module top\n");
  write("a.go", "");
  write("project/lib/go.mod", "module example.com/lib\n");
  write("project/lib/x/b.go", "");
  GoModules modules(root_ + "/project", root_ + "/project/build");
  EXPECT_EQ(modules.places_of("top", "top/a.go"), Places{root_ + "/a.go"});
  EXPECT_EQ(modules.places_of("example.com/lib", "example.com/lib/x/b.go"),
            Places{root_ + "/project/lib/x/b.go"});
  EXPECT_EQ(modules.places_of("example.com/lib", "example.com/lib/x/gone.go"),
            Places{root_ + "/project/lib/x/gone.go"});
  EXPECT_EQ(modules.places_of("example.com/other", "example.com/other/c.go"), Places{});
  EXPECT_EQ(modules.places_of("example.com/lib", "example.com/library/c.go"), Places{});
}

TEST_F(GoModulesTest, InTheBuildFolderCountIfThereIsNoOther) {
  write("a/go.mod", "module a\n");
  write("a/x.go", "");
  write("build/a/go.mod", "module a\n");
  write("build/a/x.go", "");
  write("build/b/go.mod", "module b\n");
  write("build/b/x.go", "");
  write("testdata/a/go.mod", "module a\n");
  write("testdata/a/x.go", "");
  GoModules modules(root_, root_ + "/build");
  EXPECT_EQ(modules.places_of("a", "a/x.go"), Places{root_ + "/a/x.go"});
  EXPECT_EQ(modules.places_of("b", "b/x.go"), Places{root_ + "/build/b/x.go"});
}

TEST_F(GoModulesTest, InSeveralFoldersAreThoseThatHaveTheSource) {
  for (const char* folder : {"one", "two"}) {
    write(std::string(folder) + "/go.mod", "module a\n");
    write(std::string(folder) + "/both.go", "");
  }
  write("two/own.go", "");
  GoModules modules(root_, root_ + "/build");
  EXPECT_EQ(modules.places_of("a", "a/own.go"), Places{root_ + "/two/own.go"});
  EXPECT_EQ(modules.places_of("a", "a/both.go"),
            (Places{root_ + "/one/both.go", root_ + "/two/both.go"}));
}

TEST_F(GoModulesTest, AreFoundWhereAnotherHasVendoredThem) {
  write("app/go.mod", "module app\n");
  write("app/vendor/example.org/dep/d/d.go", "");
  GoModules modules(root_, root_ + "/build");
  EXPECT_EQ(modules.places_of("example.org/dep", "example.org/dep/d/d.go"),
            Places{root_ + "/app/vendor/example.org/dep/d/d.go"});
  EXPECT_EQ(modules.places_of("example.org/dep", "example.org/dep/../../../go.mod"), Places{});
}

TEST_F(GoModulesTest, DoNotLeaveTheirFolder) {
  write("a/go.mod", "module a\n");
  GoModules modules(root_, root_ + "/build");
  EXPECT_EQ(modules.places_of("a", "a/../../etc/passwd"), Places{});
}

}  // namespace
}  // namespace gentle

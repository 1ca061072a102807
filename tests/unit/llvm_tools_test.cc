#include "coverage/report/llvm_tools.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

TEST(LlvmTools, KnowTheirRelease) {
  EXPECT_EQ(llvm_release_of("Debian LLVM version 14.0.6\n  Optimized build.\n"), 14U);
  EXPECT_EQ(llvm_release_of("LLVM (http://llvm.org/):\n  LLVM version 22.1.0-rust-1.95.0-stable\n"),
            22U);
  EXPECT_EQ(llvm_release_of("LLVM version x"), 0U);
  EXPECT_EQ(llvm_release_of(""), 0U);
}

class LlvmToolsTest : public ScratchFolderTest {
 protected:
  std::string tool(const std::string& path, const std::string& prints) {
    const std::string file = root_ + "/" + path;
    make_folders(file.substr(0, file.rfind('/')), 0777);
    write_file(file, "#!/bin/sh\necho '" + prints + "'\n");
    ::chmod(file.c_str(), 0755);
    return file;
  }

  // Those of this test: the machine may have others.
  std::vector<LlvmTool> found(const std::string& path) {
    Environment environment;
    environment.set("PATH", path);
    std::vector<LlvmTool> tools = find_llvm_profdata(environment);
    std::erase_if(tools,
                  [this](const LlvmTool& one) { return !one.path.starts_with(root_ + "/"); });
    return tools;
  }
};

TEST_F(LlvmToolsTest, AreFoundByAnyReleaseNewestFirst) {
  const std::string plain = tool("one/llvm-profdata", "Debian LLVM version 14.0.6");
  const std::string newer = tool("two/llvm-profdata-120", "LLVM version 120.1");
  const std::string mute = tool("two/llvm-profdata-9", "no word of it");
  std::filesystem::create_symlink(plain, root_ + "/two/llvm-profdata-14");
  tool("two/llvm-profdata-wrapper", "LLVM version 99.1");
  write_file(root_ + "/two/llvm-profdata-98", "may not be executed");
  EXPECT_EQ(found(root_ + "/one:" + root_ + "/two::" + root_ + "/three"),
            (std::vector<LlvmTool>{{newer, 120}, {plain, 14}, {mute, 0}}));
}

TEST_F(LlvmToolsTest, AreFoundWithRust) {
  const std::string targets = root_ + "/sysroot/lib/rustlib";
  const std::string own = tool("sysroot/lib/rustlib/some-linux/bin/llvm-profdata",
                               "LLVM version 22.1.0-rust-1.95.0-stable");
  tool("bin/rustc", root_ + "/sysroot");
  make_folders(targets + "/etc", 0777);
  EXPECT_EQ(found(root_ + "/bin:/usr/bin:/bin"), (std::vector<LlvmTool>{{own, 22}}));
}

TEST_F(LlvmToolsTest, HaveAnLlvmCovBesideThem) {
  const std::string profdata = tool("bin/llvm-profdata-14", "");
  EXPECT_EQ(llvm_cov_beside(profdata), "");
  const std::string cov = tool("bin/llvm-cov-14", "");
  EXPECT_EQ(llvm_cov_beside(profdata), cov);
}

}  // namespace
}  // namespace gentle

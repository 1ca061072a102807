#include "coverage/llvm/llvm_images.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

using Paths = std::set<std::string>;

class LlvmImagesTest : public ScratchFolderTest {};

TEST_F(LlvmImagesTest, AreNotedOnceEach) {
  EXPECT_EQ(noted_llvm_images(root_), Paths{});
  note_llvm_images(root_, {"/bin/a b", "/lib/c.so"});
  note_llvm_images(root_, {"/bin/a b", "/bin/d"});
  EXPECT_EQ(noted_llvm_images(root_), (Paths{"/bin/a b", "/bin/d", "/lib/c.so"}));
}

TEST_F(LlvmImagesTest, HoldNoPathThatIsNoLine) {
  note_llvm_images(root_, {"/bin/a\nb"});
  EXPECT_EQ(noted_llvm_images(root_), Paths{});
}

TEST_F(LlvmImagesTest, LeaveOutWhatIsCut) {
  write_file(root_ + "/llvm-images", "/bin/a\n/bin/wh");
  EXPECT_EQ(noted_llvm_images(root_), Paths{"/bin/a"});
}

TEST_F(LlvmImagesTest, MayBeNotedNowhere) {
  note_llvm_images(root_ + "/none", {"/bin/a"});
  EXPECT_EQ(noted_llvm_images(root_ + "/none"), Paths{});
}

}  // namespace
}  // namespace gentle

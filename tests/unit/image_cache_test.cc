#include "coverage/image_cache.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "os/file.h"

namespace gentle {
namespace {

class ImageCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    char folder[] = "/tmp/image-cache-XXXXXX";
    ASSERT_NE(::mkdtemp(folder), nullptr);
    root_ = folder;
    program_ = root_ + "/program";
    std::filesystem::copy_file("/proc/self/exe", program_);
  }
  void TearDown() override { remove_tree(root_); }

  std::shared_ptr<const ElfImage> image_of(const std::string& path) {
    return cache_.image_of(FileMemory(path));
  }

  std::string root_;
  std::string program_;
  ImageCache cache_;
};

TEST_F(ImageCacheTest, ReadsAFileOnce) {
  const auto first = image_of(program_);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(image_of(program_), first);
  std::filesystem::create_symlink(program_, root_ + "/link");
  EXPECT_EQ(image_of(root_ + "/link"), first) << "it is the same file";
}

// A program may be built anew while its tests go on.
TEST_F(ImageCacheTest, ReadsAnotherFileAtThisPlace) {
  const auto first = image_of(program_);
  std::filesystem::copy_file("/bin/true", root_ + "/new");
  std::filesystem::rename(root_ + "/new", program_);
  const auto second = image_of(program_);
  ASSERT_NE(second, nullptr);
  EXPECT_NE(second, first);
}

TEST_F(ImageCacheTest, KnowsWhatIsNoImage) {
  write_file(root_ + "/script", "#!/bin/sh\n");
  EXPECT_EQ(image_of(root_ + "/script"), nullptr);
  EXPECT_EQ(image_of(root_ + "/script"), nullptr);
}

}  // namespace
}  // namespace gentle

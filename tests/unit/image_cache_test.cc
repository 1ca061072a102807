#include "coverage/image_cache.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"
#include "os/file.h"
#include "scratch_folder.h"

#ifdef GENTLE_COUNTED_PROGRAMS
#include "counted_process.h"
#endif

namespace gentle {
namespace {

class ImageCacheTest : public ScratchFolderTest {
 protected:
  std::shared_ptr<const ElfImage> image_of(const std::string& path) {
    return cache_.image_of(FileMemory(path));
  }

  // What another process remembers of it.
  std::string remembered(const std::string& path) {
    {
      ImageCache cache(memory_);
      EXPECT_EQ(cache.image_of(FileMemory(path)), nullptr);
    }
    return read_file_if_there(memory_).value_or("");
  }

  std::string memory_ = root_ + "/memory";
  ImageCache cache_;
};

TEST_F(ImageCacheTest, KnowsWhatIsNoImageAndWhatCountsNothing) {
  write_file(root_ + "/script", "#!/bin/sh\n");
  EXPECT_EQ(image_of(root_ + "/script"), nullptr);
  EXPECT_EQ(image_of(root_ + "/script"), nullptr);
  EXPECT_EQ(image_of("/bin/true"), nullptr);
}

TEST_F(ImageCacheTest, RemembersWhatCountsNothing) {
  const std::string version = FileMemory("/bin/true").version();
  EXPECT_EQ(remembered("/bin/true"), version + "\n");
  EXPECT_EQ(remembered("/bin/true"), version + "\n") << "once";
  write_file(root_ + "/script", "#!/bin/sh\n");
  EXPECT_EQ(remembered(root_ + "/script"),
            version + "\n" + FileMemory(root_ + "/script").version() + "\n");
}

TEST_F(ImageCacheTest, AMemoryThatGrowsTooLargeBeginsAnew) {
  write_file(memory_, std::string((1 << 16) + 1, '\n'));
  EXPECT_EQ(remembered("/bin/true"), FileMemory("/bin/true").version() + "\n");
}

TEST_F(ImageCacheTest, WithoutAPlaceToRememberIn) {
  memory_ = root_ + "/none/memory";
  EXPECT_EQ(remembered("/bin/true"), "");
  make_folders(root_ + "/none/memory", 0777);
  EXPECT_THROW(remembered("/bin/true"), Error) << "read_file: it is a folder";
}

#ifdef GENTLE_COUNTED_PROGRAMS
TEST_F(ImageCacheTest, ReadsAFileOnce) {
  const std::string program = counted_program("counted_program");
  const auto first = image_of(program);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(image_of(program), first);
  std::filesystem::create_symlink(program, root_ + "/link");
  EXPECT_EQ(image_of(root_ + "/link"), first) << "it is the same file";
}

// A program may be built anew while its tests go on.
TEST_F(ImageCacheTest, ReadsAnotherFileAtThisPlace) {
  const std::string program = root_ + "/program";
  std::filesystem::copy_file(counted_program("counted_program"), program);
  const auto first = image_of(program);
  ASSERT_NE(first, nullptr);
  std::filesystem::copy_file(counted_program("counted_static"), root_ + "/new");
  std::filesystem::rename(root_ + "/new", program);
  const auto second = image_of(program);
  ASSERT_NE(second, nullptr);
  EXPECT_NE(second, first);
}

// It is looked at each time: only what counts nothing is the same for all.
TEST_F(ImageCacheTest, RemembersNothingOfWhatCounts) {
  {
    ImageCache cache(memory_);
    EXPECT_NE(cache.image_of(FileMemory(counted_program("counted_program"))), nullptr);
  }
  EXPECT_FALSE(file_exists(memory_));
}
#endif

}  // namespace
}  // namespace gentle

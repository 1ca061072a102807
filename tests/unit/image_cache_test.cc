#include "coverage/image/image_cache.h"

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
  ImageCache::Image image_of(const std::string& path) { return cache_.image_of(FileMemory(path)); }

  std::optional<ImageCache::Image> known(const std::string& path) {
    return cache_.known_image(file_version(path));
  }

  FileNotes notes_;
  ImageCache cache_{notes_};
};

TEST_F(ImageCacheTest, KnowsWhatIsNoImageAndWhatCountsNothing) {
  write_file(root_ + "/script", "#!/bin/sh\n");
  for (const std::string& path : {root_ + "/script", std::string("/bin/true")}) {
    EXPECT_EQ(known(path), std::nullopt);
    EXPECT_EQ(image_of(path), nullptr);
    EXPECT_EQ(known(path), ImageCache::Image());
    ImageCache other(notes_);
    EXPECT_EQ(other.known_image(file_version(path)), ImageCache::Image());
  }
  EXPECT_EQ(known(root_ + "/none"), std::nullopt);
}

TEST_F(ImageCacheTest, ANoteThatIsDamagedIsNone) {
  notes_.add(file_version("/bin/true"), "image", "nonsense");
  EXPECT_EQ(known("/bin/true"), std::nullopt);
  EXPECT_EQ(image_of("/bin/true"), nullptr);
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

TEST_F(ImageCacheTest, TakesFromTheNotesWhatCounts) {
  const std::string program = counted_program("counted_program");
  const auto image = image_of(program);
  ASSERT_NE(image, nullptr);
  ImageCache other(notes_);
  const auto noted = other.known_image(file_version(program));
  ASSERT_TRUE(noted && *noted);
  EXPECT_EQ(**noted, *image);
}
#endif

}  // namespace
}  // namespace gentle

#include "coverage/image/fuse_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

#include "os/spawn.h"

namespace gentle {
namespace {

constexpr const char* kMounts =
    "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
    "61 22 0:47 / /mnt/a\\040place rw,nosuid shared:9 master:3 - fuse.sshfs host:/ rw\n"
    "62 22 0:300 / /x rw - fuse nothing rw,user_id=0\n"
    "63 22 0:48 / /tmp rw - tmpfs fuse rw\n"
    "64 22 0:49 / /y rw - virtiofs shared rw\n"
    "65 22 0:50 / /z rw - fusectl none rw\n"
    "66 22 0:51 / /cut rw";

TEST(FuseFiles, AreThoseOfAMountWithSuchAType) {
  EXPECT_TRUE(is_fuse("00:2f", kMounts));
  EXPECT_TRUE(is_fuse("00:12c", kMounts));
  for (const char* device : {"fe:00", "00:30", "00:31", "00:32", "00:33", "00:00", "", "2f"}) {
    EXPECT_FALSE(is_fuse(device, kMounts)) << device;
  }
}

TEST(FuseFiles, AreNotThoseOfThisProgram) {
  FuseFiles files;
  EXPECT_TRUE(files.answer_for_program(::getpid()));
  for (const MappedFile& file : mapped_programs(::getpid())) {
    EXPECT_FALSE(files.has(::getpid(), file)) << file.path;
    EXPECT_TRUE(files.answer(::getpid(), file)) << file.path;
  }
}

TEST(EndsInChild, TellsWhatComesBack) {
  using std::chrono::milliseconds;
  EXPECT_TRUE(ends_in_child([] {}, milliseconds(60000)));
  EXPECT_TRUE(ends_in_child([] { ::_exit(1); }, milliseconds(60000)));
  EXPECT_FALSE(ends_in_child([] { ::pause(); }, milliseconds(50)));
}

}  // namespace
}  // namespace gentle

#include "os/data_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

class DataFileTest : public ScratchFolderTest {};

TEST_F(DataFileTest, OnlyARegularFileIsRead) {
  const std::string fifo = root_ + "/fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THROW(read_data_file(fifo), Error);  // does not wait for a writer
  EXPECT_THROW(read_data_file("/dev/zero"), Error);
  EXPECT_THROW(read_data_file(root_), Error);
  EXPECT_THROW(read_data_file(root_ + "/none"), Error);
}

TEST_F(DataFileTest, OnlyAsMuchAsTheLimit) {
  const std::string path = root_ + "/data";
  write_file(path, "12345");
  EXPECT_EQ(read_data_file(path), "12345");
  EXPECT_EQ(read_data_file(path, 5), "12345");
  EXPECT_THROW(read_data_file(path, 4), Error);
  ASSERT_EQ(::truncate(path.c_str(), off_t{1} << 30), 0);  // sparse
  EXPECT_THROW(read_data_file(path), Error);
}

TEST_F(DataFileTest, OneAfterTheOtherInTheSameMemory) {
  FileBuffer buffer;
  const std::string large(100'000, 'x');  // more than is read at once
  for (const std::string& text :
       {std::string("first"), large, std::string(), std::string("last")}) {
    write_file(root_ + "/data", text);
    EXPECT_EQ(read_data_file(root_ + "/data", kLargestDataFile, buffer), text);
  }
  EXPECT_THROW(read_data_file(root_ + "/data", 3, buffer), Error);
  EXPECT_THROW(read_data_file(root_, kLargestDataFile, buffer), Error);
}

}  // namespace
}  // namespace gentle

#include "coverage/report/ctest_listing.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

TEST(CtestListing, IsToldFromDataOfGcov) {
  EXPECT_FALSE(read_ctest_listing(""));
  EXPECT_FALSE(read_ctest_listing("adcg*21B"));
  const auto empty = read_ctest_listing(ctest_listing({}));
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->empty());
}

class CtestListingTest : public ScratchFolderTest {
 protected:
  void SetUp() override {
    spec_.build_dir = root_;
    spec_.output_dir = root_ + "/cov";
    make_folders(target_ + "/Debug", 0777);
    write("CMakeFiles/TargetDirectories.txt", root_ + "/CMakeFiles/app.dir\n" + target_ + "\n");
  }

  CoverageSpec spec_;
  const std::string target_ = root_ + "/CMakeFiles/cov.dir";
};

TEST_F(CtestListingTest, IsOfEachLineAsGcovWritesIt) {
  const std::string source = root_ + "/a b.cc";
  write("a b.cc", "1\n2\n3\n4\n5\n6\n7");
  CoverageTable table;
  auto& lines = table.sources()[source].lines;
  lines[2].count = 12;
  lines[3].count = 0;
  lines[4].count = 3;
  lines[4].is_excluded = true;
  lines[5].count = -1;
  lines[6].count = 1'000'000'000;
  table.sources()[root_ + "/excluded.cc"].lines[1].is_excluded = true;
  table.sources()[root_ + "/gone.rs"].lines[2].count = 1;
  table.sources()[root_ + "/long.cc"].lines[100'000].count = 1;

  const auto sources = read_ctest_listing(ctest_listing(table));
  ASSERT_TRUE(sources);
  ASSERT_EQ(sources->size(), 3U);
  EXPECT_EQ((*sources)[0].path, source);
  EXPECT_EQ((*sources)[0].gcov, "        -:    0:Source:" + source + R"(
        -:    1:
       12:    2:
    #####:    3:
        -:    4:
    #####:    5:
 99999999:    6:
        -:    7:
)");
  EXPECT_EQ((*sources)[1].gcov, "        -:    0:Source:" + root_ + R"(/gone.rs
        -:    1:
        1:    2:
)");
  EXPECT_TRUE((*sources)[2].gcov.ends_with("        -:99999:\n"));
}

TEST_F(CtestListingTest, StandsInTheTargetOfTheReport) {
  EXPECT_FALSE(is_ctest_told(spec_));
  leave_ctest_listing(spec_, {});
  EXPECT_TRUE(is_ctest_told(spec_));
  EXPECT_TRUE(file_exists(target_ + "/for-ctest/report.da"));
  spec_.config = "Debug";
  EXPECT_FALSE(is_ctest_told(spec_));
  leave_ctest_listing(spec_, {});
  EXPECT_TRUE(file_exists(target_ + "/Debug/for-ctest/report.da"));
  remove_ctest_listings(spec_);
  EXPECT_FALSE(is_ctest_told(spec_));
  EXPECT_FALSE(file_exists(target_ + "/for-ctest"));
}

TEST_F(CtestListingTest, NeedsTheTarget) {
  spec_.output_dir = root_ + "/other";
  leave_ctest_listing(spec_, {});
  EXPECT_FALSE(is_ctest_told(spec_));
  remove_ctest_listings(spec_);
}

}  // namespace
}  // namespace gentle

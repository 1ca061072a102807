#include "coverage/keep/coverage_paths.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

TEST(CoveragePaths, IsBelowTheBuildFolder) {
  EXPECT_EQ(coverage_folder("/b"), "/b/Testing/Fixtures/coverage");
  EXPECT_EQ(service_coverage_folder("/d", "api", {11, 222}), "/d/services/api/11-222");
  EXPECT_EQ(test_coverage_folder("/d", {11, 222}), "/d/tests/11-222");
}

class CoveragePathsTest : public ScratchFolderTest {};

TEST_F(CoveragePathsTest, IsThatOfTheProjectOfASpec) {
  const std::string spec = root_ + "/api.spec";
  EXPECT_FALSE(coverage_folder_beside(spec)) << "it collects no coverage";
  write("coverage.spec",
        "gentle-coverage 1\nsource /s\nbuild /b c\noutput /b/coverage\ngcov /usr/bin/gcov\nend\n");
  EXPECT_EQ(coverage_folder_beside(spec), "/b c/Testing/Fixtures/coverage");
  write("coverage.spec",
        "gentle-coverage 1\nsource /s\nbuild /b\noutput /b/coverage\noff Release is not "
        "measured\ngcov /usr/bin/gcov\nend\n");
  EXPECT_FALSE(coverage_folder_beside(spec)) << "not in this configuration";
  write("coverage.spec", "gentle-coverage 1\nsource /s\n");
  EXPECT_THROW(coverage_folder_beside(spec), Error);
}

}  // namespace
}  // namespace gentle

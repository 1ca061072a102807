#include "coverage/report/llvm_lines.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(LlvmLines, AreListedAsGcovDoes) {
  CoverageTable by_llvm;
  by_llvm.sources()["/src/a b.cc"].lines[7].count = 12;
  by_llvm.sources()["/src/a b.cc"].lines[8].count = 0;
  by_llvm.sources()["/src/a b.cc"].lines[9].count = 3;
  by_llvm.sources()["/src/z.rs"].lines[1].count = 1;
  CoverageTable whole;
  whole.add(by_llvm);
  whole.sources()["/src/a b.cc"].lines[9].is_excluded = true;
  whole.sources()["/src/a b.cc"].lines[10].count = 5;  // of gcc's

  const auto listings = read_llvm_lines(write_llvm_lines(by_llvm, whole));
  ASSERT_TRUE(listings);
  ASSERT_EQ(listings->size(), 2U);
  EXPECT_EQ((*listings)[0].source, "/src/a b.cc");
  EXPECT_EQ((*listings)[0].gcov,
            "        -:    0:Source:/src/a b.cc\n"
            "       12:    7:\n"
            "    #####:    8:\n");
  EXPECT_EQ((*listings)[1].source, "/src/z.rs");
}

TEST(LlvmLines, AreNoneWithoutClang) {
  CoverageTable whole;
  whole.sources()["/src/a.cc"].lines[7].count = 12;
  EXPECT_EQ(write_llvm_lines({}, whole), "");
}

TEST(LlvmLines, AreToldFromDataOfGcov) {
  EXPECT_FALSE(read_llvm_lines(""));
  EXPECT_FALSE(read_llvm_lines("adcg*21B"));
  const auto empty = read_llvm_lines("gentle-llvm-lines 1\n");
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->empty());
}

}  // namespace
}  // namespace gentle

#include "coverage/llvm/llvm_version.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(LlvmVersion, FindsItsFormat) {
  for (const unsigned version : {8U, 9U, 10U}) {
    ASSERT_NE(find_llvm_format(version), nullptr);
    EXPECT_EQ(find_llvm_format(version)->version, version);
    EXPECT_EQ(find_llvm_format(version | kLlvmByteCounters), find_llvm_format(version));
  }
  for (const std::uint64_t version : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{11},
                                      std::uint64_t{0x108}, ~std::uint64_t{0}}) {
    EXPECT_EQ(find_llvm_format(version), nullptr) << version;
  }
}

TEST(LlvmVersion, KnowsWhichClangWritesIt) {
  EXPECT_EQ(find_llvm_format_of_clang(13), nullptr);
  EXPECT_EQ(find_llvm_format_of_clang(14)->version, 8U);
  EXPECT_EQ(find_llvm_format_of_clang(17)->version, 8U);
  EXPECT_EQ(find_llvm_format_of_clang(18)->version, 9U);
  EXPECT_EQ(find_llvm_format_of_clang(19)->version, 10U);
  EXPECT_EQ(find_llvm_format_of_clang(22)->version, 10U);
  EXPECT_EQ(find_llvm_format_of_clang(23), nullptr) << "it may be another one";
}

TEST(LlvmVersion, KnowsWhichReleasesReadIt) {
  EXPECT_EQ(llvm_releases_that_read(8), (LlvmReleases{14, 17}));
  EXPECT_EQ(llvm_releases_that_read(9), (LlvmReleases{18, 18}));
  EXPECT_EQ(llvm_releases_that_read(10 | kLlvmByteCounters), (LlvmReleases{19, 0}));
  EXPECT_EQ(llvm_releases_that_read(11), LlvmReleases{});
}

TEST(LlvmVersion, KnowsCountersOfOneByte) {
  using namespace std::string_literals;
  const std::string word = "\xfflprofi\x81";
  EXPECT_TRUE(has_byte_counters(word + "\x0c\0\0\0\0\0\0\x10 and more"s));
  EXPECT_FALSE(has_byte_counters(word + "\x0c\0\0\0\0\0\0\x01 and more"s)) << "of IR";
  EXPECT_FALSE(has_byte_counters(word + "\x0c\0\0\0\0\0\0"s));
  EXPECT_FALSE(has_byte_counters("another file\0\0\0\x10"s));
}

TEST(LlvmVersion, DescribesItself) {
  EXPECT_EQ(describe_llvm_version(12 | kLlvmByteCounters), "raw profile version 12");
  EXPECT_EQ(supported_llvm_versions(), "8 to 10 (clang 14 to 22)");
}

}  // namespace
}  // namespace gentle

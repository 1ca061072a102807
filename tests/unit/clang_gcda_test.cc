#include "coverage/gcov/clang_gcda.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "base/error.h"
#include "words.h"

namespace gentle {
namespace {

constexpr std::uint32_t kMagic = 0x67636461;
constexpr std::uint32_t kClang = 0x3430382a;  // "408*"
constexpr std::uint32_t kFunction = 0x01000000;
constexpr std::uint32_t kArcs = 0x01a10000;
constexpr std::uint32_t kObjectSummary = 0xa1000000;
constexpr std::uint32_t kProgramSummary = 0xa3000000;

// As clang 14 writes it: two functions, a summary with the number of runs, the end.
std::string counted(std::uint32_t first, std::uint32_t high, std::uint32_t second,
                    std::uint32_t runs) {
  return words(
      {kMagic, kClang,          7, kFunction, 3, 1,    2,     3, kArcs,  4, first,          high, 5,
       0,      kFunction,       3, 4,         5, 6,    kArcs, 2, second, 0, kObjectSummary, 2,    0,
       0,      kProgramSummary, 3, 0,         0, runs, 0,     0});
}

std::string cause_of(const std::string& into, const std::string& from) {
  try {
    merge_clang_gcda(into, from, "b.gcda");
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("'b.gcda'"), std::string::npos);
    return error.cause();
  }
  return "";
}

const std::string kOther = "it is of another compilation of the object file";

const std::string kTruncated =
    "it is truncated, its process was killed while writing it, or could not write it all";

TEST(ClangGcda, IsKnownByItsVersion) {
  EXPECT_TRUE(is_clang_gcda(counted(1, 0, 2, 1)));
  EXPECT_FALSE(is_clang_gcda(words({kMagic, 0x4232322a, 7})));
  EXPECT_FALSE(is_clang_gcda("adcg*80"));
  EXPECT_FALSE(is_clang_gcda(""));
}

TEST(ClangGcda, AddsUp) {
  std::string sum = counted(8, 2, 13, 3);
  sum.replace(12 * 4, 4, words({10}));  // the counter that is 5 in both
  EXPECT_EQ(merge_clang_gcda(counted(1, 0, 2, 1), counted(7, 2, 11, 2), ""), sum);
  EXPECT_EQ(merge_clang_gcda(counted(0xffffffff, 0, 0, 1), counted(1, 0, 0, 1), "").substr(40, 8),
            words({0, 1}))
      << "counters have 64 bits";
}

TEST(ClangGcda, NamesWhatIsOfAnotherCompilation) {
  const std::string one = counted(1, 0, 2, 1);
  EXPECT_EQ(cause_of(one, one), "");
  const auto changed = [&](std::size_t word, std::uint32_t value) {
    std::string bytes = one;
    bytes.replace(word * 4, 4, words({value}));
    return bytes;
  };
  EXPECT_EQ(cause_of(one, changed(2, 8)), kOther);           // the stamp
  EXPECT_EQ(cause_of(one, changed(5, 9)), kOther);           // a function
  EXPECT_EQ(cause_of(one, changed(3, 0x02000000)), kOther);  // a tag
  EXPECT_EQ(cause_of(one, changed(9, 3)), kOther);           // a length
  EXPECT_EQ(cause_of(one, one + one), kOther);
  EXPECT_EQ(cause_of(one, one.substr(0, 12)), kOther);
}

TEST(ClangGcda, TakesNothingOnTrust) {
  const std::string one = counted(1, 0, 2, 1);
  for (std::size_t size = 0; size < one.size() - 4; ++size) {  // the last word is no end yet
    const std::string cut = one.substr(0, size);
    EXPECT_EQ(cause_of(cut, cut), kTruncated) << size;
  }
  std::string huge = one;
  huge.replace(9 * 4, 4, words({std::numeric_limits<std::uint32_t>::max()}));
  EXPECT_EQ(cause_of(huge, huge), kTruncated);
  EXPECT_EQ(cause_of(one, huge), kTruncated);
  EXPECT_EQ(cause_of(huge, one), kOther);
}

}  // namespace
}  // namespace gentle

#include "coverage/gcov/gcda_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>
#include <vector>

#include "words.h"

namespace gentle {
namespace {

constexpr std::uint32_t kGcc11 = 0x4231332a;  // "B13*"
constexpr std::uint32_t kGcc12 = 0x4232322a;  // "B22*"
constexpr std::uint32_t kClang = 0x3430382a;  // "408*"
constexpr std::uint32_t kArcs = kGcdaCounterTag;

// A function, two counters, and three that are zero, which only clang writes as they are: in each
// dialect and byte order.
std::string written(std::uint32_t version, bool big_endian) {
  const std::uint32_t unit = version == kGcc12 ? 4 : 1;
  std::string bytes = words({kGcdaMagic, version, 7}, big_endian);
  if (version == kGcc12) bytes += words({99}, big_endian);
  bytes += words({kGcdaFunctionTag, 3 * unit, 1, 2, 3, kArcs, 4 * unit, 5, 1, 6, 0}, big_endian);
  if (version == kClang) return bytes + words({kArcs, 6, 0, 0, 0, 0, 0, 0, 0}, big_endian);
  return bytes + words({kArcs, 0U - 6 * unit, 0}, big_endian);
}

struct Dialect {
  std::uint32_t version;
  bool big_endian;
};

class GcdaReaderTest : public testing::TestWithParam<Dialect> {
 protected:
  const std::string bytes_ = written(GetParam().version, GetParam().big_endian);
};

TEST_P(GcdaReaderTest, ReadsTheHeader) {
  const GcdaReader reader(bytes_);
  EXPECT_TRUE(reader.is_gcda());
  EXPECT_FALSE(reader.is_truncated());
  const std::uint32_t checksum = GetParam().version == kGcc12 ? 99 : 0;
  EXPECT_EQ(reader.header(), (GcdaHeader{GetParam().version, 7, checksum, GetParam().big_endian}));
}

TEST_P(GcdaReaderTest, WalksFromRecordToRecord) {
  const std::string bytes = bytes_ + "what an older compilation left";
  GcdaReader reader(bytes);
  const auto function = reader.next();
  ASSERT_TRUE(function);
  EXPECT_EQ(function->tag, kGcdaFunctionTag);
  ASSERT_EQ(function->bytes.size(), 12U);
  EXPECT_EQ(function->word(2), 3U);
  EXPECT_THROW(function->word(3), std::out_of_range);
  const auto counters = reader.next();
  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->tag, kArcs);
  EXPECT_EQ(counters->zeros, 0U);
  EXPECT_EQ(counters->counter(0), std::uint64_t{1} << 32 | 5);
  EXPECT_EQ(counters->counter(1), 6U);
  EXPECT_EQ(bytes_.substr(counters->offset, counters->bytes.size()), counters->bytes);
  const auto zeros = reader.next();
  ASSERT_TRUE(zeros);
  const bool are_written = GetParam().version == kClang;
  EXPECT_EQ(zeros->zeros, are_written ? 0U : 24U);
  EXPECT_EQ(zeros->bytes.size(), are_written ? 24U : 0U);
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.is_truncated());
}

TEST_P(GcdaReaderTest, FindsEveryTruncation) {
  for (std::size_t size = 0; size < bytes_.size(); ++size) {
    GcdaReader reader(std::string_view(bytes_).substr(0, size));
    int records = 0;
    while (reader.next()) ++records;
    EXPECT_TRUE(reader.is_truncated()) << size;
    EXPECT_LE(records, 3);
    EXPECT_EQ(reader.is_gcda(), size >= 4);
  }
}

INSTANTIATE_TEST_SUITE_P(Dialects, GcdaReaderTest,
                         testing::Values(Dialect{kGcc11, false}, Dialect{kGcc11, true},
                                         Dialect{kGcc12, false}, Dialect{kGcc12, true},
                                         Dialect{kClang, false}, Dialect{kClang, true}));

TEST(GcdaReader, OnlyCountersHaveANegativeLength) {
  for (const std::uint32_t tag :
       {kGcdaFunctionTag, kGcdaSummaryTag, kArcs + 1, kArcs + (1U << 24)}) {
    const std::string bytes = words({kGcdaMagic, kGcc12, 7, 99, tag, 0U - 8, 0, 0, 0});
    GcdaReader reader(bytes);
    EXPECT_FALSE(reader.next()) << tag;
    EXPECT_TRUE(reader.is_truncated()) << tag;
  }
  constexpr std::uint32_t kPaths = kArcs + (9U << kGcdaCounterTagShift);
  EXPECT_EQ(GcdaReader(words({kGcdaMagic, kGcc12, 7, 99, kPaths, 0x80000000})).next()->zeros,
            std::uint64_t{1} << 31);
  EXPECT_EQ(GcdaReader(words({kGcdaMagic, kGcc11, 7, kPaths, 0x80000000})).next()->zeros,
            std::uint64_t{1} << 33);
}

TEST(GcdaReader, OtherFilesHaveNoRecords) {
  for (const char* bytes : {"<html>", "gcno*22B01234567"}) {
    GcdaReader reader(bytes);
    EXPECT_FALSE(reader.is_gcda());
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.is_truncated());
    EXPECT_EQ(reader.header().version, 0U);
  }
}

TEST(GcdaReader, SurvivesAnyBytes) {
  std::mt19937 random(20221);
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = written(round % 2 == 0 ? kGcc11 : kGcc12, round % 3 == 0);
    for (int change = 0; change < 3; ++change) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    GcdaReader reader(bytes);
    std::size_t end = 0;
    while (const auto record = reader.next()) {
      EXPECT_GE(record->offset, end);
      end = record->offset + record->bytes.size();
      EXPECT_LE(end, bytes.size());
    }
  }
}

}  // namespace
}  // namespace gentle

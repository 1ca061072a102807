#include "coverage/gcov/gcno.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

#include "words.h"

namespace gentle {
namespace {

constexpr std::uint32_t kData = 0x67636461;
constexpr std::uint32_t kNotes = 0x67636e6f;
constexpr std::uint32_t kGcc11 = 0x4231332a;  // "B13*"
constexpr std::uint32_t kGcc12 = 0x4232322a;  // "B22*"
constexpr std::uint32_t kGcc9 = 0x4139342a;   // "A94*"
constexpr std::uint32_t kClang = 0x3430382a;  // "408*"
constexpr std::uint32_t kFunction = 0x01000000;
constexpr std::uint32_t kArcs = 0x01a10000;
constexpr std::uint32_t kSummary = 0xa1000000;

const std::string kWhole11 =
    words({kData, kGcc11, 7, kSummary, 2, 1, 5, kFunction, 3, 1, 2, 3, kArcs, 4, 1, 0, 9, 0, 0});
const std::string kWhole12 = words(
    {kData, kGcc12, 7, 99, kSummary, 8, 1, 5, kFunction, 12, 1, 2, 3, kArcs, 16, 1, 0, 9, 0, 0});

TEST(Gcno, ReadsTheHeaderOfNotes) {
  const auto little = read_notes_header(words({kNotes, kGcc12, 7, 1}));
  ASSERT_TRUE(little);
  EXPECT_EQ(little->version, kGcc12);
  EXPECT_EQ(little->stamp, 7U);
  EXPECT_FALSE(little->big_endian);
  const auto big = read_notes_header(words({kNotes, kGcc12, 7}, true));
  ASSERT_TRUE(big);
  EXPECT_EQ(big->stamp, 7U);
  EXPECT_TRUE(big->big_endian);
  EXPECT_FALSE(read_notes_header(""));
  EXPECT_FALSE(read_notes_header(words({kNotes, kGcc12})));
  EXPECT_FALSE(read_notes_header(words({kData, kGcc12, 7})));
}

TEST(Gcno, KnowsTheLayoutByTheVersion) {
  EXPECT_TRUE((NotesHeader{kGcc12, 0, false}.since_gcc_12()));
  EXPECT_TRUE((NotesHeader{0x4235312a, 0, false}.since_gcc_12()));  // "B51*": 15.1
  EXPECT_FALSE((NotesHeader{kGcc11, 0, false}.since_gcc_12()));
  EXPECT_FALSE((NotesHeader{kGcc9, 0, false}.since_gcc_12()));
  EXPECT_FALSE((NotesHeader{kClang, 0, false}.since_gcc_12()));
}

TEST(Gcno, TellsWholeDataOfBothLayouts) {
  EXPECT_EQ(check_data(kWhole11, {kGcc11, 7, false}), DataFault::kNone);
  EXPECT_EQ(check_data(kWhole12, {kGcc12, 7, false}), DataFault::kNone);
}

TEST(Gcno, TakesANegativeLengthForCountersThatAreNotWritten) {
  const std::string data = words(
      {kData, kGcc12, 7, 99, kFunction, 12, 1, 2, 3, kArcs, static_cast<std::uint32_t>(-16), 0});
  EXPECT_EQ(check_data(data, {kGcc12, 7, false}), DataFault::kNone);
  const std::string no_counters =
      words({kData, kGcc12, 7, 99, kFunction, static_cast<std::uint32_t>(-16), 0});
  EXPECT_EQ(check_data(no_counters, {kGcc12, 7, false}), DataFault::kTruncated);
}

TEST(Gcno, FindsEveryTruncation) {
  for (std::size_t size = 0; size < kWhole11.size(); ++size) {
    EXPECT_EQ(check_data(kWhole11.substr(0, size), {kGcc11, 7, false}), DataFault::kTruncated)
        << size;
  }
  for (std::size_t size = 0; size < kWhole12.size(); ++size) {
    EXPECT_EQ(check_data(kWhole12.substr(0, size), {kGcc12, 7, false}), DataFault::kTruncated)
        << size;
  }
}

TEST(Gcno, FindsWhatBelongsToAnotherCompilation) {
  EXPECT_EQ(check_data(kWhole12, {kGcc12, 8, false}), DataFault::kForeign);
  EXPECT_EQ(check_data(kWhole12, {kGcc11, 7, false}), DataFault::kForeign);
  EXPECT_EQ(check_data(kWhole12, {kGcc12, 7, true}), DataFault::kForeign);
  EXPECT_EQ(check_data("<html>", {kGcc12, 7, false}), DataFault::kForeign);
}

TEST(Gcno, PlaceholderIsNeverTakenForData) {
  const NotesHeader gcc12{kGcc12, 7, false};
  EXPECT_EQ(placeholder_data(gcc12), words({kData, kGcc12, 7, 0}));
  EXPECT_EQ(check_data(placeholder_data(gcc12), gcc12), DataFault::kTruncated);
  EXPECT_EQ(placeholder_data({kGcc11, 7, false}), "");
  EXPECT_EQ(placeholder_data({kClang, 7, false}), "");
}

TEST(Gcno, SurvivesAnyBytes) {
  std::mt19937 random(20221);
  for (int round = 0; round < 20000; ++round) {
    std::string data = round % 2 == 0 ? kWhole11 : kWhole12;
    for (int change = 0; change < 3; ++change)
      data[random() % data.size()] = static_cast<char>(random());
    check_data(data, {round % 2 == 0 ? kGcc11 : kGcc12, 7, false});
    read_notes_header(data);
  }
}

}  // namespace
}  // namespace gentle

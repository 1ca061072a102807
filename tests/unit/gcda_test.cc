#include "coverage/gcov/gcda.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>

#include "base/error.h"
#include "cause_of_error.h"
#include "words.h"

namespace gentle {
namespace {

constexpr std::uint32_t kMagic = 0x67636461;
constexpr std::uint32_t kGcc11 = 0x4231332a;  // "B13*"
constexpr std::uint32_t kGcc12 = 0x4232322a;  // "B22*"
constexpr std::uint32_t kGcc14 = 0x4234322a;  // "B42*"
constexpr std::uint32_t kGcc15 = 0x4235322a;  // "B52*"
constexpr std::uint32_t kSummary = 0xa1000000;
constexpr std::uint32_t kFunction = 0x01000000;
constexpr std::uint32_t kArcs = 0x01a10000;
constexpr std::uint32_t kIndirectCalls = kArcs + (4U << 17);
constexpr std::uint32_t kConditions = kArcs + (8U << 17);
constexpr std::uint32_t kPaths = kArcs + (9U << 17);

const std::string kTruncated =
    "it is truncated, its process was killed while writing it, or could not write it all";

std::uint32_t minus(std::uint32_t value) { return 0U - value; }

// Two functions, one of zeros only, and the place of one that another object has.
const std::string kWhole11 = words(
    {kMagic, kGcc11, 7, kSummary, 2,         3, 9,         kFunction, 3, 1, 2, 3,     kArcs,    4,
     5,      0,      6, 0,        kFunction, 0, kFunction, 3,         4, 5, 6, kArcs, minus(6), 0});
const std::string kWhole12 =
    words({kMagic, kGcc12,    7,  99,    kSummary, 8, 3,     9,         kFunction, 12,
           1,      2,         3,  kArcs, 16,       5, 0,     6,         0,         kFunction,
           0,      kFunction, 12, 4,     5,        6, kArcs, minus(24), 0});
const std::string kWhole15 =
    words({kMagic, kGcc15, 7, 99, kSummary, 8,           1, 5, kFunction, 12,     1,        2,
           3,      kArcs,  8, 5,  0,        kConditions, 8, 2, 0,         kPaths, minus(8), 0});

std::string cause_of(std::string_view bytes) {
  return cause_of_error([&] { parse_gcda(bytes, "a.gcda"); });
}

std::string cause_of_merge(Gcda into, const Gcda& from) {
  const Gcda before = into;
  try {
    merge(into, from, "b.gcda");
  } catch (const Error& error) {
    EXPECT_EQ(into, before) << "nothing is changed";
    return error.cause();
  }
  return "";
}

TEST(Gcda, ReadsWhatLibgcovWrites) {
  for (const std::string& bytes : {kWhole11, kWhole12}) {
    const Gcda data = parse_gcda(bytes, "a.gcda");
    EXPECT_EQ(data.stamp, 7U);
    EXPECT_EQ(data.checksum, data.version == kGcc12 ? 99U : 0U);
    EXPECT_EQ(data.runs, 3U);
    EXPECT_EQ(data.sum_max, 9U);
    EXPECT_EQ(data.kinds, (std::array<bool, kCounterKinds>{true, false, false}));
    ASSERT_EQ(data.functions.size(), 3U);
    EXPECT_EQ(data.functions[0], (GcdaFunction{true, 1, 2, 3, {2, 0, 0}}));
    EXPECT_EQ(data.functions[1], GcdaFunction{});
    EXPECT_EQ(data.functions[2], (GcdaFunction{true, 4, 5, 6, {3, 0, 0}}));
    EXPECT_EQ(data.counters, (std::vector<std::int64_t>{5, 6, 0, 0, 0}));
  }
}

TEST(Gcda, ReadsConditionsAndPaths) {
  const Gcda data = parse_gcda(kWhole15, "a.gcda");
  EXPECT_EQ(data.kinds, (std::array<bool, kCounterKinds>{true, true, true}));
  EXPECT_EQ(data.functions[0].counts, (std::array<std::uint32_t, kCounterKinds>{1, 1, 1}));
  EXPECT_EQ(data.counters, (std::vector<std::int64_t>{5, 2, 0}));
}

TEST(Gcda, WritesTheSameBytes) {
  for (const std::string& bytes : {kWhole11, kWhole12, kWhole15}) {
    EXPECT_EQ(serialize(parse_gcda(bytes, "a.gcda")), bytes);
  }
}

TEST(Gcda, LeavesOutWhatAnOlderCompilationLeft) {
  EXPECT_EQ(serialize(parse_gcda(kWhole12 + kWhole11, "a.gcda")), kWhole12);
}

TEST(Gcda, NamesEveryTruncation) {
  EXPECT_EQ(cause_of(""), "it is empty: its process was killed before it wrote");
  for (const std::string& bytes : {kWhole11, kWhole12, kWhole15}) {
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      EXPECT_EQ(cause_of(bytes.substr(0, size)), kTruncated) << size;
    }
  }
}

TEST(Gcda, NamesWhatIsForeign) {
  EXPECT_EQ(cause_of("<html>"), "it is no .gcda file");
  EXPECT_EQ(cause_of(std::string_view("gcda*22B", 8)), "it was written on a big-endian machine");
  EXPECT_EQ(cause_of(words({kMagic, 0x4139342a})),
            "it was written by GCC 9.4, known are GCC 11 to 16");
  EXPECT_EQ(cause_of(words({kMagic, 0x3430382a})),
            "it was written by GCC 4.8, or Clang, known are GCC 11 to 16");
}

TEST(Gcda, NamesWhatIsDamaged) {
  const auto with = [](std::size_t word, std::uint32_t value) {
    std::string bytes = kWhole12;
    bytes.replace(word * 4, 4, words({value}));
    return cause_of(bytes);
  };
  EXPECT_EQ(with(4, kFunction), "it begins with record 0x01000000");
  EXPECT_EQ(with(5, 12), "its summary has a wrong length");
  EXPECT_EQ(with(8, 0x01000001), "its record 0x01000001 is not known");
  EXPECT_EQ(with(9, 16), "its function 0 has a wrong length");
  EXPECT_EQ(with(13, 0x01a10001), "its record 0x01a10001 is not known");
  EXPECT_EQ(with(13, kConditions), "its record 0x01b10000 is not known");  // not in gcc 12
  EXPECT_EQ(with(13, kIndirectCalls),
            "it holds counters of -fprofile-generate, not only those of --coverage");
  EXPECT_EQ(with(14, 12), "its counters have a wrong length");
  EXPECT_EQ(with(14, 0x7ffffff8), kTruncated);
  EXPECT_EQ(with(27, 0x80000000), "it holds too many counters");
}

TEST(Gcda, EveryFunctionHasTheSameKinds) {
  const auto two = [](std::uint32_t first, std::uint32_t second) {
    return cause_of(
        words({kMagic, kGcc14, 7, 99,        kSummary, 8, 1, 5, kFunction, 12, 1, 2, 3, first,
               8,      5,      0, kFunction, 12,       4, 5, 6, second,    8,  5, 0, 0}));
  };
  EXPECT_EQ(two(kArcs, kArcs), "");
  EXPECT_EQ(two(kArcs, kConditions), "its function 1 has other counters than the rest");
  EXPECT_EQ(cause_of(words({kMagic, kGcc14,      7, 99, kSummary, 8,     1, 5, kFunction, 12, 1, 2,
                            3,      kConditions, 8, 5,  0,        kArcs, 8, 5, 0,         0})),
            "the counters of its function 0 are mixed up");
}

TEST(Gcda, TheErrorNamesTheFile) {
  try {
    parse_gcda("", "/b/a.gcda");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(),
              "gentle: error: read coverage data '/b/a.gcda': it is empty: its process was killed "
              "before it wrote\n");
  }
}

TEST(Gcda, MergeAddsUp) {
  Gcda sum = parse_gcda(kWhole12, "a.gcda");
  Gcda other = sum;
  other.counters = {1, 0, 2, 0, 0};
  other.runs = 1;
  other.sum_max = 4;
  merge(sum, other, "b.gcda");
  EXPECT_EQ(sum.counters, (std::vector<std::int64_t>{6, 6, 2, 0, 0}));
  EXPECT_EQ(sum.runs, 4U);
  EXPECT_EQ(sum.sum_max, 13U);
}

TEST(Gcda, MergeUnitesConditionsAndPaths) {
  Gcda sum = parse_gcda(kWhole15, "a.gcda");
  Gcda other = sum;
  other.counters = {1, 3, 4};
  merge(sum, other, "b.gcda");
  EXPECT_EQ(sum.counters, (std::vector<std::int64_t>{6, 3, 4}));
}

TEST(Gcda, MergeStopsAtTheLargestNumber) {
  Gcda sum = parse_gcda(kWhole12, "a.gcda");
  sum.counters[0] = std::numeric_limits<std::int64_t>::max() - 1;
  sum.runs = std::numeric_limits<std::uint32_t>::max();
  const Gcda other = parse_gcda(kWhole12, "b.gcda");
  merge(sum, other, "b.gcda");
  EXPECT_EQ(sum.counters[0], std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(sum.runs, std::numeric_limits<std::uint32_t>::max());
}

TEST(Gcda, MergeTakesAFunctionThatOnlyOneHas) {
  Gcda without = parse_gcda(kWhole12, "a.gcda");
  without.functions[0] = {};
  without.counters = {0, 0, 1};
  const Gcda with = parse_gcda(kWhole12, "b.gcda");
  Gcda sum = without;
  merge(sum, with, "b.gcda");
  EXPECT_EQ(sum.functions, with.functions);
  EXPECT_EQ(sum.counters, (std::vector<std::int64_t>{5, 6, 0, 0, 1}));
  sum = with;
  merge(sum, without, "a.gcda");
  EXPECT_EQ(sum.functions, with.functions);
  EXPECT_EQ(sum.counters, (std::vector<std::int64_t>{5, 6, 0, 0, 1}));
}

TEST(Gcda, MergeTakesTheKindsOfTheOneThatHasFunctions) {
  const Gcda with = parse_gcda(kWhole12, "a.gcda");
  Gcda without = with;
  without.functions.assign(3, {});
  without.counters.clear();
  without.kinds = {};
  merge(without, with, "a.gcda");
  EXPECT_EQ(without.kinds, with.kinds);
  EXPECT_EQ(without.counters, with.counters);
}

TEST(Gcda, MergeRefusesAnotherCompilation) {
  const Gcda data = parse_gcda(kWhole12, "a.gcda");
  const auto changed = [&](auto change) {
    Gcda other = data;
    change(other);
    return cause_of_merge(data, other);
  };
  EXPECT_EQ(changed([](Gcda& other) { other.version = kGcc14; }),
            "it is of GCC 14.2, the rest of GCC 12.2");
  EXPECT_EQ(changed([](Gcda& other) { other.stamp = 8; }), "it is of another compilation");
  EXPECT_EQ(changed([](Gcda& other) { other.checksum = 8; }), "it is of another compilation");
  EXPECT_EQ(changed([](Gcda& other) { other.functions.pop_back(); }),
            "it has 2 functions, the rest has 3");
  EXPECT_EQ(changed([](Gcda& other) { other.kinds[1] = true; }), "it has other kinds of counters");
  EXPECT_EQ(changed([](Gcda& other) { other.functions[2].ident = 8; }),
            "its function 2 is another one");
  EXPECT_EQ(changed([](Gcda& other) { other.functions[2].cfg_checksum = 8; }),
            "its function 2 is another one");
  EXPECT_EQ(changed([](Gcda& other) { other.functions[2].lineno_checksum = 8; }),
            "its function 2 is another one");
  EXPECT_EQ(changed([](Gcda& other) { other.functions[2].counts[0] = 2; }),
            "its function 2 is another one");
}

TEST(Gcda, SurvivesAnyBytes) {
  std::mt19937 random(20221);
  for (int round = 0; round < 5000; ++round) {
    std::string bytes = round % 3 == 0 ? kWhole11 : round % 3 == 1 ? kWhole12 : kWhole15;
    for (int change = 0; change < 3; ++change) {
      bytes[12 + random() % (bytes.size() - 12)] = static_cast<char>(random());
    }
    try {
      const Gcda data = parse_gcda(bytes, "a.gcda");
      EXPECT_EQ(parse_gcda(serialize(data), "again"), data);
    } catch (const Error& error) {
      EXPECT_NE(error.cause(), "");
    }
  }
}

}  // namespace
}  // namespace gentle

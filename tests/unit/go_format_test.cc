#include "coverage/languages/go_format.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cause_of_error.h"
#include "coverage/image/compiler_hash.h"
#include "go_bytes.h"

namespace gentle {
namespace {

std::string with(std::string bytes, std::size_t at, std::string_view change) {
  return bytes.replace(at, change.size(), change);
}

std::string meta_fault(const std::string& bytes) {
  return cause_of_error([&] { parse_go_meta(bytes, "covmeta.x"); });
}

std::string counters_fault(const std::string& bytes) {
  return cause_of_error([&] { parse_go_counters(bytes, "covcounters.x"); });
}

TEST(GoMeta, TellsTheBlocksOfEachFunction) {
  const GoMeta meta = parse_go_meta(kGoMetaFile, "covmeta.x");
  EXPECT_EQ(meta.hash, kGoHash);
  EXPECT_EQ(meta.mode, GoMode::kCount);
  ASSERT_EQ(meta.packages.size(), 1U);
  const GoPackage& package = meta.packages[0];
  EXPECT_EQ(package.path, "m");
  EXPECT_EQ(package.name, "main");
  EXPECT_EQ(package.module, "m");
  const GoFunction main{"main",
                        "m/a.go",
                        false,
                        {{3, 13, 4, 14, 1}, {5, 2, 5, 18, 1}, {4, 15, 4, 16, 0}, {5, 18, 7, 3, 1}}};
  EXPECT_EQ(package.functions, (std::vector<GoFunction>{main}));
}

TEST(GoMeta, IsWrittenAsGoWritesIt) {
  EXPECT_EQ(go_meta_file(kGoHash, GoMode::kCount, {kGoPackage}), kGoMetaFile);
  const std::string package = kGoPackage.substr(16, 16);
  EXPECT_EQ(go_meta_hashes({package}, GoMode::kCount),
            (std::vector<std::string>{kGoHash, md5_of(package + "countperblock")}));
  EXPECT_NE(go_meta_hashes({package}, GoMode::kSet).front(), kGoHash);
  EXPECT_EQ(go_meta_name(kGoHash), "covmeta.6edfc4eb5643cfa35f823527f53d68f8");
}

TEST(GoMeta, IsNeverTakenInPart) {
  for (std::size_t size = 0; size < kGoMetaFile.size(); ++size) {
    EXPECT_NE(meta_fault(kGoMetaFile.substr(0, size)), "") << size;
  }
  EXPECT_EQ(meta_fault(kGoMetaFile.substr(0, 100)), "it is cut off");
  EXPECT_EQ(meta_fault(kGoMetaFile + "x"), "it is cut off");
}

TEST(GoMeta, OfAnotherKindIsNamed) {
  EXPECT_EQ(meta_fault("garbage"), "it is no file of Go's meta-data");
  EXPECT_EQ(meta_fault(kGoCounterFile), "it is no file of Go's meta-data");
  EXPECT_EQ(meta_fault(with(kGoMetaFile, 4, "\2")), "it is of version 2 of its format, known is 1");
  EXPECT_EQ(meta_fault(with(kGoMetaFile, 48, "\7")), "its mode of counting is not known: 7");
  EXPECT_EQ(meta_fault(with(kGoMetaFile, 49, "\2")), "it does not count blocks");
}

TEST(GoMeta, HasNoBlockThatEndsBeforeItBegins) {
  const std::size_t line = kGoMetaFile.size() - 4;  // of the end of the last one
  EXPECT_EQ(meta_fault(with(kGoMetaFile, line, "\1")), "one of its blocks ends before it begins");
}

TEST(GoMeta, MayClaimAnything) {
  EXPECT_EQ(meta_fault(with(kGoMetaFile, 16, "\xff\xff\xff\xff\xff\xff\xff\xff")), "it is cut off");
  EXPECT_EQ(meta_fault(with(kGoMetaFile, 74 + 40, "\xff\xff\xff\xff")), "it is cut off");
  EXPECT_EQ(meta_fault(with(kGoMetaFile, 74 + 48, "\x7f")), "it has more names than bytes");
  EXPECT_EQ(meta_fault(with(kGoMetaFile, 74 + 4, "\x7f")), "one of its names is missing");
}

template <typename Number>
std::string bytes_of(Number number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

// Functions that all stand at one place, with blocks of five bytes each, and a name of `name_size`.
std::string package_of(std::uint32_t functions, std::uint8_t blocks, std::uint8_t name_size) {
  const std::string names =
      "\1" + std::string(1, static_cast<char>(name_size)) + std::string(name_size, 'n');
  const auto place = static_cast<std::uint32_t>(44 + 4 * functions + names.size());
  std::string rest = std::string(12 + 16 + 8, '\0') + bytes_of(functions);
  for (std::uint32_t i = 0; i < functions; ++i) rest += bytes_of(place);
  rest += names + static_cast<char>(blocks) + std::string(2, '\0');
  for (int i = 0; i < blocks; ++i) rest += std::string("\1\1\2\2\1");
  rest += '\0';
  return bytes_of(static_cast<std::uint32_t>(rest.size() + 4)) + rest;
}

TEST(GoMeta, HasNoFunctionsThatStandInOneAnother) {
  EXPECT_EQ(parse_go_package(package_of(2, 3, 9), "p").functions.size(), 2U);
  const auto fault = [](const std::string& bytes) {
    return cause_of_error([&] { parse_go_package(bytes, "p"); });
  };
  EXPECT_EQ(fault(package_of(100, 100, 1)), "its functions stand in one another");
  EXPECT_EQ(fault(package_of(1000, 1, 100)), "its functions stand in one another");
}

TEST(GoCounters, AreThoseOfEachFunction) {
  const GoCounters counters = parse_go_counters(kGoCounterFile, "covcounters.x");
  EXPECT_EQ(counters.hash, kGoHash);
  EXPECT_EQ(counters.functions, (GoCounts{{{0, 0}, {1, 1, 0, 0}}}));
}

TEST(GoCounters, AreReadAsTheyAreWritten) {
  const GoCounters counters{kGoHash, {{{0, 0}, {1, 0, 300}}, {{7, 200}, {UINT32_MAX}}}};
  const std::string bytes = go_counter_file(counters);
  EXPECT_EQ(parse_go_counters(bytes, "x").functions, counters.functions);
  EXPECT_EQ(parse_go_counters(bytes, "x").hash, kGoHash);
  EXPECT_EQ(go_counter_name(kGoHash, 12, 34), "covcounters.6edfc4eb5643cfa35f823527f53d68f8.12.34");
}

TEST(GoCounters, OfSeveralSegmentsAreAddedUp) {
  const std::string one = go_counter_file({kGoHash, {{{0, 1}, {1, 2}}}});
  const std::string both = one + with(one.substr(32), one.size() - 32 - 8, "\2");
  EXPECT_EQ(parse_go_counters(both, "x").functions, (GoCounts{{{0, 1}, {2, 4}}}));
  const std::string other = go_counter_file({kGoHash, {{{0, 1}, {1}}}});
  const std::string odd = one + with(other.substr(32), other.size() - 32 - 8, "\2");
  EXPECT_EQ(counters_fault(odd), "one of its functions has several numbers of blocks");
}

TEST(GoCounters, MayBeWrittenAsTheyAreInMemory) {
  std::string bytes = go_counter_file({kGoHash, {}});
  bytes[24] = 1;  // the flavour
  bytes.replace(32, 8, little_endian(1, 8));
  std::string words;
  for (const std::uint32_t word : {2U, 0U, 3U, 70000U, 0U}) words += little_endian(word, 4);
  bytes.insert(bytes.size() - 16, words);
  EXPECT_EQ(parse_go_counters(bytes, "x").functions, (GoCounts{{{0, 3}, {70000, 0}}}));
}

TEST(GoCounters, AreNeverTakenInPart) {
  for (std::size_t size = 0; size < kGoCounterFile.size(); ++size) {
    EXPECT_NE(counters_fault(kGoCounterFile.substr(0, size)), "") << size;
  }
  EXPECT_EQ(counters_fault("garbage!"), "it is no file of Go's counters");
  EXPECT_EQ(counters_fault(with(kGoCounterFile, 24, "\3")),
            "its counters are written in a way that is not known");
  EXPECT_EQ(counters_fault(with(kGoCounterFile, kGoCounterFile.size() - 16, "x")), "it is damaged");
}

TEST(GoCounts, AreAddedOrOnlySet) {
  GoCounts sum{{{0, 0}, {1, UINT32_MAX, 0}}};
  EXPECT_TRUE(add_go_counts(sum, {{{0, 0}, {1, 1, 0}}, {{1, 0}, {5}}}, GoMode::kAtomic));
  EXPECT_EQ(sum, (GoCounts{{{0, 0}, {2, UINT32_MAX, 0}}, {{1, 0}, {5}}}));
  GoCounts set;
  EXPECT_TRUE(add_go_counts(set, {{{0, 0}, {1, 0}}}, GoMode::kSet));
  EXPECT_TRUE(add_go_counts(set, {{{0, 0}, {1, 1}}}, GoMode::kSet));
  EXPECT_EQ(set, (GoCounts{{{0, 0}, {1, 1}}}));
}

TEST(GoCounts, OfOtherBlocksChangeNothing) {
  GoCounts sum{{{0, 0}, {1, 2}}};
  EXPECT_FALSE(add_go_counts(sum, {{{0, 0}, {1}}, {{1, 1}, {1}}}, GoMode::kCount));
  EXPECT_EQ(sum, (GoCounts{{{0, 0}, {1, 2}}}));
}

}  // namespace
}  // namespace gentle

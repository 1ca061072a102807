#include "coverage/combine/recorded_go.h"

#include <gtest/gtest.h>

#include <string_view>

#include "cause_of_error.h"

namespace gentle {
namespace {

// Two functions that share line 3, and a literal.
GoSource sample(const std::vector<std::uint32_t>& counts) {
  return {{{"p.f", {{1, 1, 3, 9, 2}, {300, 2, 700, 2, 1}}, {counts[0], counts[1]}},
           {"p.g", {{3, 11, 3, 20, 1}}, {counts[2]}},
           {"", {{2, 5, 2, 9, 1}}, {counts[3]}}}};
}

std::string packed(const GoSource& source) {
  Packer packer;
  pack_go_source(source, packer);
  return packer.take();
}

GoSource unpacked(std::string_view bytes) {
  Unpacker unpacker(bytes);
  GoSource source = unpack_go_source(unpacker);
  EXPECT_TRUE(unpacker.at_end());
  return source;
}

TEST(RecordedGo, ALineHasTheLargestCountOfItsBlocks) {
  const TableSource source = go_table_source(sample({4, 0, 5, 7}));
  EXPECT_EQ(source.lines.size(), 404U);
  EXPECT_EQ(source.lines.at(1).count, 4);
  EXPECT_EQ(source.lines.at(2).count, 7);
  EXPECT_EQ(source.lines.at(3).count, 5);
  EXPECT_EQ(source.lines.at(700).count, 0);
  ASSERT_EQ(source.functions.size(), 2U) << "a literal has no name";
  const TableFunction& function = source.functions.at({"p.f", 1});
  EXPECT_EQ(function.count, 4);
  EXPECT_EQ(function.blocks, 2U);
  EXPECT_EQ(function.blocks_executed, 1U);
}

// The sum of two reports would be 5.
TEST(RecordedGo, TheCountsOfBlocksAddUpAndNotThoseOfLines) {
  GoSource sum = sample({2, 0, 0, 0});
  sum.add(sample({0, 1, 3, 0}));
  const TableSource source = go_table_source(sum);
  EXPECT_EQ(source.lines.at(3).count, 3);
  EXPECT_EQ(source.functions.at({"p.f", 1}).blocks_executed, 2U);
}

TEST(RecordedGo, CountsStopWhereGoStops) {
  GoSource sum = sample({UINT32_MAX - 1, 1, 0, 0});
  sum.add(sample({7, 1, 0, 0}));
  EXPECT_EQ(sum.functions[0].counts, (std::vector<std::uint32_t>{UINT32_MAX, 2}));
  GoSource set = sample({1, 0, 0, 1});
  set.sums = false;
  sum.add(set);
  EXPECT_EQ(sum.functions[0].counts, (std::vector<std::uint32_t>{1, 1}));
  EXPECT_EQ(sum.functions[1].counts, (std::vector<std::uint32_t>{0}));
}

TEST(RecordedGo, OtherBlocksAreOfAnotherSource) {
  EXPECT_TRUE(sample({1, 2, 3, 4}).has_blocks_of(sample({0, 0, 0, 0})));
  GoSource other = sample({1, 2, 3, 4});
  other.functions[1].blocks[0].last_column = 21;
  EXPECT_FALSE(other.has_blocks_of(sample({1, 2, 3, 4})));
  other = sample({1, 2, 3, 4});
  other.functions.pop_back();
  EXPECT_FALSE(other.has_blocks_of(sample({1, 2, 3, 4})));
}

TEST(RecordedGo, ComesBackFromItsBytes) {
  GoSource source = sample({1, UINT32_MAX, 0, 128});
  source.sums = false;
  // Lengths around a step.
  for (const std::uint32_t lines : {7U, 8U, 9U, 16U, 128U}) {
    source.functions.push_back({"p.h", {{9, 1, 9 + lines, 1, 0}}, {5}});
  }
  const GoSource back = unpacked(packed(source));
  EXPECT_TRUE(back.has_blocks_of(source));
  EXPECT_FALSE(back.sums);
  EXPECT_EQ(packed(back), packed(source));
}

TEST(RecordedGo, BytesLimitTheLines) {
  const auto cause = [](std::initializer_list<std::uint64_t> numbers) {
    Packer packer;
    for (const std::uint64_t number : numbers) packer.number(number);
    return cause_of_error([&] { unpacked(packer.bytes()); });
  };
  EXPECT_EQ(cause({1, 1, 0, 1, 1, 9, 1, 1, 1, 1}), "it is damaged: a number is too large");
  EXPECT_EQ(cause({1, 1, 0, 1, 1, 8}), "it is damaged: a number is cut off");
  EXPECT_EQ(cause({1, 1, 0, 1, 0, 0, 1, 1, 1, 1}), "it is damaged: it names line 0");
  EXPECT_EQ(cause({1, 1, 0, 1, UINT32_MAX, 0, 1, 1, 1, 1}), "it is damaged: a number is too large");
  EXPECT_EQ(cause({1, 1, 0, 1, UINT32_MAX - 1, 2, 1, 1, 1, 1}),
            "it is damaged: a number is too large");
  EXPECT_EQ(cause({2}), "it is damaged: a number is too large");
}

}  // namespace
}  // namespace gentle

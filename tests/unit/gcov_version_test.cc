#include "coverage/gcov/gcov_version.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(GcovVersion, TheTable) {
  EXPECT_EQ(find_gcov_format(0x4230322a), nullptr);        // "B02*", GCC 10
  const GcovFormat* gcc11 = find_gcov_format(0x4231332a);  // "B13*"
  ASSERT_NE(gcc11, nullptr);
  EXPECT_EQ(gcc11->length_unit, 4U);
  EXPECT_FALSE(gcc11->has_checksum);
  EXPECT_EQ(gcc11->merge_functions, 8U);
  const GcovFormat* gcc12 = find_gcov_format(0x4232322a);  // "B22*"
  ASSERT_NE(gcc12, nullptr);
  EXPECT_EQ(gcc12->length_unit, 1U);
  EXPECT_TRUE(gcc12->has_checksum);
  EXPECT_EQ(gcc12->merge_functions, 8U);
  EXPECT_EQ(find_gcov_format(0x4233332a), gcc12);                 // "B33*"
  EXPECT_EQ(find_gcov_format(0x4234322a)->merge_functions, 9U);   // "B42*"
  EXPECT_EQ(find_gcov_format(0x4235322a)->merge_functions, 10U);  // "B52*"
  EXPECT_EQ(find_gcov_format(0x42363065)->merge_functions, 10U);  // "B60e", experimental
  EXPECT_EQ(find_gcov_format(0x4237302a), nullptr);               // "B70*"
}

TEST(GcovVersion, WhatIsNoVersionIsNotKnown) {
  for (const std::uint32_t word : {0U, 0xffffffffU, 0x3430382aU, 0x2a323242U, 0x4200002aU}) {
    EXPECT_EQ(find_gcov_format(word), nullptr) << word;
  }
}

TEST(GcovVersion, ForPeople) {
  EXPECT_EQ(describe_gcov_version(0x4232322a), "GCC 12.2");
  EXPECT_EQ(describe_gcov_version(0x4139342a), "GCC 9.4");
  EXPECT_EQ(describe_gcov_version(0x3430382a), "GCC 4.8, or Clang");
  EXPECT_EQ(describe_gcov_version(0x000000ff), "version 0x000000ff");
  EXPECT_EQ(supported_gcov_versions(), "GCC 11 to 16");
}

TEST(GcovVersion, KindsHaveTheirIndex) {
  EXPECT_EQ(index_of(CounterKind::kArcs), 0U);
  EXPECT_EQ(index_of(CounterKind::kConditions), 8U);
  EXPECT_EQ(index_of(CounterKind::kPaths), 9U);
  for (const CounterKind kind : kAllCounterKinds) {
    ASSERT_NE(counter_kind_at(index_of(kind)), nullptr);
    EXPECT_EQ(*counter_kind_at(index_of(kind)), kind);
  }
  for (unsigned index = 1; index < 8; ++index) EXPECT_EQ(counter_kind_at(index), nullptr);
  EXPECT_EQ(counter_kind_at(10), nullptr);
}

}  // namespace
}  // namespace gentle

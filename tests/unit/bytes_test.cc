#include "coverage/image/bytes.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>

namespace gentle {
namespace {

TEST(NumberAt, IsInTheByteOrderOfTheMachine) {
  const bool little = std::endian::native == std::endian::little;
  EXPECT_EQ(number_at<std::uint16_t>("\1\2\3", 0), little ? 0x0201 : 0x0102);
  EXPECT_EQ(number_at<std::uint16_t>("\1\2\3", 1), little ? 0x0302 : 0x0203);
  EXPECT_EQ(number_at<std::uint32_t>("\1\2\3\4", 0), little ? 0x04030201U : 0x01020304U);
}

TEST(NumberAt, HasToBeThere) {
  EXPECT_THROW(number_at<std::uint32_t>("\1\2\3\4", 1), std::out_of_range);
  EXPECT_THROW(number_at<std::uint32_t>("\1\2\3\4", 4), std::out_of_range);
  EXPECT_THROW(number_at<std::uint32_t>("\1\2\3\4", 5), std::out_of_range);
  EXPECT_THROW(number_at<std::uint32_t>("", 0), std::out_of_range);
}

}  // namespace
}  // namespace gentle
